"""The desk's API as a program meets it."""

from __future__ import annotations

import json

import httpx
import pytest
from jsonschema import Draft202012Validator

from spindetect import __version__
from tests.conftest import ROOT
from tests.desk import EXAMPLES, PAIR, TEXTS, served, small_docx, small_pdf
from tests.pages import html_page

pytest.importorskip("fastapi")
JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def desk():
    with served("--workers", "1", "--timeout", "120") as running:
        yield running


@pytest.fixture(scope="module")
def openapi(desk):
    return desk.get("openapi.json").json()


def test_the_state_of_the_server(desk):
    assert desk.get("health").json() == {"status": "ok"}
    assert desk.get("ready").json() == {"status": "ready"}
    version = desk.get("version").json()
    assert version["spindetect"] == __version__
    assert version["model"]["name"] == "default"


@pytest.mark.parametrize("path", ["", "health", "ready", "version", "openapi.json", "static/desk.css", "static/evidence.js"])
def test_head_answers_like_get_without_the_body(desk, path):
    whole, head = desk.get(path), httpx.head(desk.address + path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == whole.headers["content-type"]
    assert int(head.headers["content-length"]) == len(whole.content)


def test_head_of_what_takes_only_post_is_405(desk):
    assert httpx.head(f"{desk.address}api/v1/compare").status_code == 405


def same(answer, result):
    """As ``to_dict`` gives it. Scores may differ in their last digits: sums run in the order in which a process met the words."""
    expected = json.loads(json.dumps(result.to_dict()))
    numbers = {"score", "probabilities", "contributions", "explanation", "words", "passages"}
    assert list(answer) == list(expected)
    assert {key: answer[key] for key in answer if key not in numbers} == {
        key: expected[key] for key in expected if key not in numbers
    }
    assert answer["score"] == pytest.approx(expected["score"], abs=0.02)
    lists = sorted((numbers - {"score"}) & set(answer))
    assert [len(answer[key]) for key in lists] == [len(expected[key]) for key in lists]


def test_compare_answers_what_to_dict_gives(desk, detector):
    response = desk.post("compare", json=PAIR)
    assert response.status_code == 200
    same(response.json(), detector.compare(**PAIR))


def test_screen_answers_what_to_dict_gives(desk, detector):
    response = desk.post("screen", json={"text": TEXTS["spun"]})
    same(response.json(), detector.screen(TEXTS["spun"]))
    assert response.json()["verdict"] == "spun"


def test_files_of_every_kind(desk, tmp_path):
    original = ("original.txt", TEXTS["original"].encode())
    suspects = {
        "spun.txt": TEXTS["spun"].encode("utf-16"),
        "spun.html": html_page(TEXTS["spun"]).encode(),
        "spun.pdf": small_pdf(TEXTS["spun"]),
        "spun.docx": small_docx(TEXTS["spun"], tmp_path),
    }
    for name, data in suspects.items():
        response = desk.post("compare", files={"suspect": (name, data), "original": original})
        assert (response.status_code, response.json().get("verdict")) == (200, "spun"), name
    mixed = desk.post("compare", files={"suspect": original}, data={"original": TEXTS["original"]})
    assert mixed.json()["verdict"] == "reprint"


def test_html_on_request(desk):
    response = desk.post("compare", json=PAIR, headers={"accept": "text/html"})
    assert response.headers["content-type"].startswith("text/html")
    assert response.text.startswith("<!doctype html>") and "Verdict: <span" in response.text
    assert response.headers["content-security-policy"].startswith("sandbox")
    assert desk.post("compare", json=PAIR, headers={"accept": "text/html, application/json"}).json()["verdict"] == "spun"


def test_the_desk_gets_result_view_page_and_citation(desk):
    answer = httpx.post(
        f"{desk.address}desk/compare", files={"suspect": ("copy.txt", TEXTS["spun"])}, data={"original": PAIR["original"]}
    ).json()
    assert answer["result"]["verdict"] == "spun"
    assert answer["page"].startswith("<!doctype html>")
    assert "<script" not in answer["view"] and " style=" not in answer["view"]
    cited = answer["citation"]
    assert "Suspect: copy.txt, 330 words, SHA-256 " in cited and "Original: pasted text" in cited
    assert f"spindetect {__version__}, model default" in cited and "evidence, not proof" in cited


NESTED = b'{"text":' + b"[" * 100_000 + b"]" * 100_000 + b"}"


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"", JSON, 400),
        (b"{", JSON, 400),
        (b"\xff\xfe", JSON, 400),
        (b'{"text": "\\ud800"}', JSON, 400),
        (b'{"text": "\xed\xa0\x80"}', JSON, 400),
        (NESTED, JSON, 400),
        (b'{"text": NaN}', JSON, 422),
        (b'{"text": 1e999}', JSON, 422),
        (b'{"text": null}', JSON, 422),
        (b'{"text": ["a"]}', JSON, 422),
        (b'{"text": {"a": 1}}', JSON, 422),
        (b'{"texts": "a"}', JSON, 422),
        (b'{"text": "a", "more": 1}', JSON, 422),
        (b'"text"', JSON, 422),
        (b"[]", JSON, 422),
        (b"null", JSON, 422),
        (b"text=a", {"content-type": "application/x-www-form-urlencoded"}, 415),
        (b"a", {"content-type": "text/plain"}, 415),
        (b"a", {}, 415),
        (
            b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\ntda' + b"a" * 1_000_000 + b"\r\n--x--\r\n",
            {"content-type": "multipart/form-data; boundary=x; charset=punycode"},
            415,
        ),
        (b"a", {"content-type": "multipart/form-data"}, 400),
        (b"a", {"content-type": "multipart/form-data; boundary=x"}, 400),
        (b"--x\r\n\r\n", {"content-type": "multipart/form-data; boundary=x"}, 400),
        (
            b'--x\r\nContent-Disposition: form-data; name="other"\r\n\r\na\r\n--x--\r\n',
            {"content-type": "multipart/form-data; boundary=x"},
            422,
        ),
        (
            b'--x\r\nContent-Disposition: form-data; name="text"; filename="a.pdf"\r\n\r\n%PDF-1.4 nothing\r\n--x--\r\n',
            {"content-type": "multipart/form-data; boundary=x"},
            422,
        ),
        (
            b'--x\r\nContent-Disposition: form-data; name="text"; filename="a.txt"\r\n\r\n' + bytes(range(256)) + b"\r\n--x--\r\n",
            {"content-type": "multipart/form-data; boundary=x"},
            422,
        ),
    ],
)  # fmt: skip
def test_any_body_gets_a_clear_refusal(desk, body, headers, status):
    response = desk.post("screen", content=body, headers=headers)
    assert response.status_code == status
    error = response.json()["error"]
    assert set(error) == {"code", "message"}
    assert ": " in error["message"]


def test_a_host_of_unknown_fields_holds_nothing_up(desk):
    body = b'{"text": "a", ' + b", ".join(b'"%d": 0' % number for number in range(700_000)) + b"}"
    response = httpx.post(f"{desk.address}api/v1/screen", content=body, headers=JSON, timeout=20)
    assert response.status_code == 422
    assert "no such field" in response.json()["error"]["message"]


@pytest.mark.parametrize("text", ["", "\x00", "a" * 1_000_000, "\u202e" * 5_000, "<script>" * 1_000, "🜚" * 3_000, "word " * 30])
def test_any_string_gets_an_answer(desk, text):
    for question, body in (("screen", {"text": text}), ("compare", {"suspect": text, "original": TEXTS["original"]})):
        response = desk.post(question, json=body)
        assert response.status_code == 200
        assert response.json()["verdict"] in ("inconclusive", "independent")


def test_a_file_that_unpacks_to_gigabytes_is_refused(desk, tmp_path):
    import zipfile

    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("word/document.xml", "w") as part:
        for _ in range(40):
            part.write(b" " * 10_000_000)
    response = desk.post("screen", files={"text": ("bomb.docx", path.read_bytes())})
    assert response.status_code == 422
    assert "unpacks to 400,000,000 bytes" in response.json()["error"]["message"]


def test_other_addresses_and_methods(desk):
    for response, status in ((desk.get("nothing"), 404), (desk.get("api/v1/compare"), 405), (desk.get("static/../app.py"), 404)):
        assert response.status_code == status
        assert response.json()["error"]["message"]


def test_trace_without_an_archive_says_what_to_do(desk):
    response = desk.post("trace", json={"text": TEXTS["spun"]})
    assert response.status_code == 409
    assert "--archive" in response.json()["error"]["message"]


def test_headers_keep_other_sites_out(desk):
    response = desk.get("", headers={"origin": "https://elsewhere.example"})
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    assert not [name for name in response.headers if name.startswith("access-control")]
    rebound = desk.get("health", headers={"host": "elsewhere.example"})
    assert rebound.status_code == 421
    assert "--allow-host" in rebound.json()["error"]["message"]
    assert desk.post("screen", json={"text": "a"}, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    for host in ("localhost:8000", "127.0.0.1", "[::1]:80"):
        assert desk.get("health", headers={"host": host}).status_code == 200


def test_the_page_asks_no_other_server(desk):
    import re

    page = desk.get("").text
    links = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert links and all(not link.startswith(("http", "//")) for link in links)
    for link in links:
        assert desk.get(link).status_code == 200
    assert 'id="tab-screen"' in page and 'id="tab-trace"' not in page
    assert set(desk.get("static/examples.json").json()) == {"original", "spun", "reprint", "independent"}


def test_logs_and_metrics_tell_what_happened_and_no_text(desk):
    marker = "zebrafinch"
    desk.post("compare", json={"suspect": marker * 5 + TEXTS["spun"], "original": TEXTS["original"]})
    desk.post("screen", content=marker.encode(), headers=JSON)
    desk.post("screen", content=b"--y" + marker.encode(), headers={"content-type": "multipart/form-data; boundary=x"})
    desk.get(marker)
    desk.post("screen", files={"text": (f"{marker}.pdf", b"none")})
    metrics = desk.get("metrics").text
    assert 'spindetect_requests_total{method="POST",path="/api/v1/compare",status="200"}' in metrics
    assert "spindetect_request_seconds_bucket" in metrics and "spindetect_jobs_running 0.0" in metrics
    lines = [json.loads(line) for line in desk.logs if line.startswith("{")]
    assert {"time", "level", "event", "request", "method", "path", "status", "bytes", "ms"} <= set(lines[-1])
    assert marker not in metrics + "".join(desk.logs)
    assert [line for line in desk.logs if not line.startswith("{")] == ["loading the model in 1 workers ...\n"]


def test_a_client_that_goes_while_it_sends_is_no_error(desk):
    import socket
    import time

    host, port = desk.address.removeprefix("http://").rstrip("/").split(":")
    for kind in ("application/json", "multipart/form-data; boundary=x"):
        with socket.create_connection((host, int(port))) as client:
            head = f"POST /api/v1/screen HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\nContent-Length: 99\r\n\r\n--x"
            client.sendall(head.encode())
    gone = 'spindetect_requests_total{method="POST",path="/api/v1/screen",status="499"} 2.0'
    deadline = time.monotonic() + 10
    while gone not in (metrics := desk.get("metrics").text) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert gone in metrics
    assert 'status="500"' not in metrics


def test_openapi_describes_every_answer(desk, openapi):
    for question, schema_name in (("compare", "ComparisonResponse"), ("screen", "ScreeningResponse"), ("trace", "TraceResponse")):
        operation = openapi["paths"][f"/api/v1/{question}"]["post"]
        assert operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].endswith(schema_name)
        assert {"400", "401", "408", "413", "415", "422", "503", "504"} <= set(operation["responses"])
        kinds = operation["requestBody"]["content"]
        assert set(kinds) == {"application/json", "multipart/form-data"}
        body = kinds["application/json"]["examples"]["articles"]["value"]
        if question == "trace":
            continue
        schema = {"$ref": f"#/components/schemas/{schema_name}", "components": openapi["components"]}
        Draft202012Validator(schema).validate(desk.post(question, json=body).json())
    comparison = openapi["components"]["schemas"]["ComparisonResponse"]
    documented = json.loads((ROOT / "docs/comparison.schema.json").read_text())
    assert set(comparison["properties"]) == set(documented["required"])


def test_trace_with_an_archive(tmp_path):
    import anyio

    from tests import archived

    async def asked() -> None:
        async with archived.client(tmp_path) as client:
            assert 'id="tab-trace"' in (await client.get("/")).text
            answer = (await client.post("/api/v1/trace", json={"text": TEXTS["spun"]})).json()
            assert [item["id"] for item in answer["originals"]] == ["original"]
            components = (await client.get("/openapi.json")).json()["components"]
            Draft202012Validator({"$ref": "#/components/schemas/TraceResponse", "components": components}).validate(answer)
            files = {"text": ("copy.txt", (EXAMPLES / "spun.txt").read_bytes())}
            shown = (await client.post("/desk/trace", files=files)).json()
            assert shown["rows"][0]["verdict"] == "spun"
            assert "1. original, 100% of the text" in shown["citation"]
            assert 'id="t0-s1"' in shown["rows"][0]["view"]

    anyio.run(asked)
