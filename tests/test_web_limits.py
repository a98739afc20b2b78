"""Limits, tokens, start and stop of the desk."""

from __future__ import annotations

import socket

import httpx
import pytest

from tests.desk import TEXTS, long_pair, served

pytest.importorskip("fastapi")
TOKEN = "a-token-of-good-length"


@pytest.fixture(scope="module")
def narrow():
    """One worker, no queue, little time."""
    with served("--workers", "1", "--queue", "0", "--timeout", "1") as running:
        yield running


def test_a_body_over_the_limit_is_413(narrow):
    for question, limit in (("screen", "10,100,000"), ("compare", "20,100,000")):
        body = b" " * (int(limit.replace(",", "")) + 1)
        response = narrow.post(question, content=body, headers={"content-type": "application/json"})
        assert response.status_code == 413
        assert f"{limit} bytes" in response.json()["error"]["message"]


def test_a_file_over_the_limit_of_the_command_line_is_413(narrow):
    large = ("a.html", b"<p>" + b" " * 9_999_998)
    for question, files in (("screen", {"text": large}), ("compare", {"suspect": ("b.txt", TEXTS["spun"]), "original": large})):
        response = narrow.post(question, files=files)
        assert response.status_code == 413
        role = list(files)[-1]
        wanted = f"the {role} is a file of 10,000,001 bytes, the limit is 10,000,000: "
        assert response.json()["error"]["message"].startswith(wanted)
    allowed = ("a.html", f"<p>{TEXTS['spun']}</p>".encode().ljust(10_000_000))
    assert narrow.post("compare", files={"suspect": allowed, "original": allowed}).status_code != 413


def test_a_text_over_the_limit_is_422(narrow):
    for body in ({"json": {"text": "a" * 2_000_001}}, {"data": {}, "files": {"text": ("a.txt", b"a" * 2_000_001)}}):
        response = narrow.post("screen", **body)
        assert response.status_code == 422
        assert "2,000,001 characters" in response.json()["error"]["message"]


def test_what_takes_too_long_is_stopped_and_the_worker_replaced(narrow, stories):
    response = narrow.post("compare", json=long_pair(stories))
    assert response.status_code == 504
    assert "longer than 1 s" in response.json()["error"]["message"]
    # The new worker loads its model for longer than a request may take.
    assert narrow.post("compare", json={"suspect": "Nothing was said.", "original": "Nothing was said."}).status_code == 200


def test_a_body_that_does_not_arrive_is_408():
    import anyio
    from starlette.requests import Request

    from spindetect.web.inputs import documents_of
    from spindetect.web.problems import RequestError
    from spindetect.web.settings import Limits

    async def never() -> dict:
        await anyio.sleep(30)
        return {}

    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", b"application/json")]}
    with pytest.raises(RequestError, match="did not arrive") as refused:
        anyio.run(documents_of, Request(scope, never), "screen", Limits(read_seconds=0.05), lambda _: None)
    assert refused.value.status == 408


def test_tokens_guard_the_answers_and_not_the_page(tmp_path):
    file = tmp_path / "tokens"
    file.write_text(f"# of the newsroom\n{TOKEN}\n")
    with served("--workers", "1", "--token-file", str(file), SPINDETECT_TOKEN="another-token-from-the-environment") as desk:
        for headers in (
            {},
            {"authorization": "Bearer wrong"},
            {"authorization": f"Basic {TOKEN}"},
            {"authorization": "Bearer \xff"},
        ):
            encoded = {name: value.encode("latin-1") for name, value in headers.items()}
            response = desk.post("screen", json={"text": "a"}, headers=encoded)
            assert response.status_code == 401
            assert response.headers["www-authenticate"] == "Bearer"
        assert desk.get("metrics").status_code == 401
        assert httpx.post(f"{desk.address}desk/screen", json={"text": "a"}).status_code == 401
        for token in (TOKEN, "another-token-from-the-environment"):
            assert desk.post("screen", json={"text": "a"}, headers={"authorization": f"Bearer {token}"}).status_code == 200
        assert 'id="token"' in desk.get("").text
        assert desk.get("health").status_code == 200
        assert desk.get("openapi.json").json()["components"]["securitySchemes"]


def test_other_machines_need_a_token_or_a_flag(run, monkeypatch):
    monkeypatch.delenv("SPINDETECT_TOKEN", raising=False)
    code, out, err = run("serve", "--host", "0.0.0.0", "--port", "0")
    assert code == 2 and out == ""
    assert "SPINDETECT_TOKEN" in err and "--no-token" in err


def test_a_port_in_use_is_one_line(run):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, _, err = run("serve", "--port", str(port))
    assert code == 2
    assert "address already in use" in err and "--port" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--host", "no.such.host.invalid"), "no address of this machine"),
        (("--host", "192.0.2.1"), "cannot be served"),
        (("--timeout", "inf"), "--timeout"),
        (("--model", "nowhere"), "no model bundle"),
        (("--token-file", "nowhere"), "cannot be read"),
        (("--archive", "nowhere.lance"), "nowhere.lance"),
    ],
)
def test_wrong_settings_are_one_line(run, monkeypatch, arguments, message):
    monkeypatch.setenv("SPINDETECT_TOKEN", TOKEN)
    code, out, err = run("serve", "--port", "0", "--workers", "1", *arguments)
    assert code == 2
    assert out == ""
    assert message in err
    assert "Traceback" not in err


def test_no_room_for_a_worker_is_one_line(run, monkeypatch):
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    code, out, err = run("serve", "--port", "0", "--workers", "1")
    assert (code, out) == (2, "")
    assert "a worker did not start: free memory" in err


@pytest.mark.parametrize("token", ["short", "has spaces in its middle", "umlaut-ä-in-the-token"])
def test_weak_tokens_are_refused(run, monkeypatch, token):
    monkeypatch.setenv("SPINDETECT_TOKEN", token)
    code, _, err = run("serve", "--port", "0")
    assert code == 2
    assert "openssl rand" in err and token not in err


def test_a_host_by_name_is_allowed_when_told():
    from spindetect.web.auth import Gate
    from spindetect.web.problems import RequestError
    from spindetect.web.settings import Settings

    Gate(Settings(hosts=("desk.example",))).check("GET", "/", {"host": "desk.example:443"})
    with pytest.raises(RequestError):
        Gate(Settings()).check("GET", "/", {"host": "desk.example"})
    assert TEXTS["spun"]
