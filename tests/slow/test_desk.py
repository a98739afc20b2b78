"""The desk in a real browser, served as users serve it. Needs chromium and the browser extra."""

from __future__ import annotations

import json

import pytest

from tests.desk import EXAMPLES, TEXTS, long_pair, served
from tests.slow.browsing import axe_findings, needs_chromium, overflow

pytest.importorskip("playwright.sync_api")
pytest.importorskip("fastapi")
pytestmark = needs_chromium
WIDTHS = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
HOSTILE = (
    '<script>window.hit = 1</script> <img src=x onerror="window.hit = 2"> <svg onload="window.hit = 3"> "><a href="javascript:hit=4">x</a> '
    "\u202e\u2066 reversed \u2069 {{ 7 * 7 }} </textarea><iframe srcdoc='<script>parent.hit=5</script>'></iframe> "
)


@pytest.fixture(scope="module")
def desk():
    with served("--workers", "1", "--timeout", "120") as running:
        yield running


@pytest.fixture
def opened(browser, desk):
    """Opens the desk; nothing may fail in the console, and nothing may be asked of another server."""
    contexts = []

    def opening(width="desktop", path="", address="", **options):
        context = browser.new_context(viewport=WIDTHS[width], **options)
        context.set_default_timeout(120_000)
        page = context.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        home = address or desk.address
        page.on("request", lambda request: None if request.url.startswith((home, "blob:")) else problems.append(request.url))
        page.goto(home + path)
        contexts.append((context, problems))
        return page, problems

    yield opening
    for context, problems in contexts:
        context.close()
        assert problems == []


def asked(page, question):
    """Submit, and wait for the result."""
    page.click(f"#{question} .primary")
    page.wait_for_selector(f"#{question} .result:not([hidden])", timeout=180_000)
    return page.locator(f"#{question} .result")


def compared(page):
    page.fill("#suspect", TEXTS["spun"])
    page.fill("#original", TEXTS["original"])
    return asked(page, "compare")


@pytest.mark.parametrize("width", WIDTHS)
def test_paste_and_compare(opened, width):
    page, _ = opened(width)
    result = compared(page)
    assert result.locator("h2.judged").inner_text() == "Verdict: spun"
    assert result.locator("article mark").count() > 50
    assert "330 words" in page.inner_text("#suspect-count")
    assert overflow(page) <= 0
    assert page.title().startswith("spun")
    assert page.evaluate("document.activeElement.classList.contains('result')")


def test_choose_and_drop_files(opened, tmp_path):
    page, _ = opened()
    page.set_input_files("#compare [data-name=original] input[type=file]", str(EXAMPLES / "original.txt"))
    assert page.inner_text("#compare [data-name=original] .file-name") == "original.txt"
    page.click("#compare [data-name=original] .remove")
    drop = """([root, files]) => {
        const data = new DataTransfer();
        files.forEach(([name, text]) => data.items.add(new File([text], name)));
        const target = document.querySelector(root);
        ["dragover", "drop"].forEach((kind) => target.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true })));
    }"""
    page.evaluate(
        drop,
        [
            "#compare [data-name=suspect]",
            [["copy.txt", TEXTS["spun"]], ["ours.html", f"<html><body><p>{TEXTS['original']}</p></body></html>"]],
        ],
    )
    assert page.inner_text("#compare [data-name=suspect] .file-name") == "copy.txt"
    assert page.inner_text("#compare [data-name=original] .file-name") == "ours.html"
    assert "spun" in asked(page, "compare").locator("h2.judged").inner_text()


def test_examples_fill_both_sides(opened):
    page, _ = opened()
    for name, verdict in (("independent", "independent"), ("reprint", "reprint")):
        page.click(f"#compare [data-example={name}]")
        page.wait_for_function("n => document.querySelector('#suspect').value.trim() === n", arg=TEXTS[name].strip())
        assert verdict in asked(page, "compare").locator("h2.judged").inner_text()


def test_keyboard_steps_filter_and_partners(opened):
    page, _ = opened()
    page.fill("#suspect", TEXTS["spun"])
    page.fill("#original", TEXTS["original"])
    page.press("#original", "Control+Enter")
    page.wait_for_selector("#compare .result:not([hidden])")
    result = page.locator("#compare .result")
    total = int(result.locator(".step").inner_text().split()[0])
    assert total > 50
    result.locator("article mark[tabindex='0']").focus()
    page.keyboard.press("n")
    first = result.locator(".step").inner_text()
    assert first.startswith(f"Change 1 of {total}: ")
    page.keyboard.press("n")
    assert result.locator(".step").inner_text().startswith(f"Change 2 of {total}: ")
    assert page.evaluate("document.activeElement.tagName") == "MARK"
    assert result.locator("mark.current").count() == 2  # the word and its partner
    page.keyboard.press("p")
    assert result.locator(".step").inner_text() == first
    result.locator("[data-step='-1']").click()
    assert result.locator(".step").inner_text().startswith(f"Change {total} of {total}: ")
    # One stop of the tab key among the changes, the rest are steps away.
    assert result.locator("article mark[tabindex='0']").count() == 1

    phrases = result.locator("article[data-side=s] mark.phrase").count()
    assert phrases > 0
    for box in result.locator(".filter input").all():
        if box.get_attribute("value") != "phrase":
            box.uncheck()
    left = int(result.locator(".step").inner_text().split()[0])
    assert 0 < left < total and f"of {total}" in result.locator(".step").inner_text()
    assert result.locator("tr[data-relation=synonym]").first.is_hidden()
    result.locator("[data-step='1']").click()
    assert "(phrase" in result.locator(".step").inner_text()

    result.locator("#c-s2").hover()
    assert result.locator("#c-o2.lit").count() == 1
    assert result.locator(".partner").inner_text().startswith("Original: The walkout began")
    result.locator("#c-s3 a.ref").first.focus()
    assert result.locator("#c-o3.lit").count() == 1


def test_copy_and_downloads(opened, browser, desk):
    page, _ = opened()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    result = compared(page)
    result.locator(".copy").click()
    page.wait_for_function("() => document.querySelector('#compare .said').textContent === 'Copied.'")
    cited = page.evaluate("navigator.clipboard.readText()")
    assert cited.startswith("Verdict: spun; probability of a spun copy 0.9") and "SHA-256" in cited
    with page.expect_download() as download:
        result.locator(".get-json").click()
    assert json.loads(download.value.path().read_text())["verdict"] == "spun"
    with page.expect_download() as download:
        result.locator(".get-html").click()
    saved = download.value
    assert saved.suggested_filename.startswith("spindetect-compare-") and saved.suggested_filename.endswith(".html")
    assert saved.path().read_text("utf-8").startswith("<!doctype html>")
    page.fill("#suspect", "changed")
    assert "before your last change" in page.inner_text("#compare .said")


@pytest.mark.parametrize("width", WIDTHS)
def test_screen_shows_its_heat_map(opened, width):
    page, _ = opened(width, "#/screen")
    page.fill("#text", TEXTS["spun"])
    result = asked(page, "screen")
    assert result.locator("h2.judged").inner_text() == "Screening: spun"
    assert result.locator("article mark").count() > 15
    assert overflow(page) <= 0
    page.press("#tab-screen", "ArrowLeft")
    assert page.is_visible("#compare") and not page.is_visible("#screen")


def test_trace_ranks_originals_and_compares_on_a_click(opened, tmp_path):
    from tests import archived

    with archived.served(tmp_path) as address:
        page, _ = opened(address=address, path="#/trace")
        page.fill("#traced", TEXTS["spun"])
        result = asked(page, "trace")
        assert result.locator("h2").first.inner_text() == "Trace: spun"
        assert "Title <b>original</b>" in result.locator(".ranked h3").first.inner_text()
        assert result.locator("a[href^='javascript']").count() == 0
        button = result.locator(".ranked button").first
        button.click()
        assert button.get_attribute("aria-expanded") == "true"
        assert result.locator(".shown-view article mark").count() > 50
        pairs = [item.inner_text().split("\n\n") for item in result.locator(".attribution li").all()]
        assert len(pairs) > 10 and all(own and other.startswith("original: ") for own, other in pairs)
        result.locator("[data-step='1']").click()
        assert result.locator(".step").inner_text().startswith("Change 1 of")
        assert axe_findings(page) == []
        page.context.close()


def answering(status):
    body = json.dumps({"error": {"code": "x", "message": "the reason: the remedy"}})
    return lambda route: route.fulfill(status=status, body=body)


def test_errors_say_what_to_do(opened, desk, stories):
    page, problems = opened()
    page.click("#compare .primary")
    assert "Suspect: paste a text, or choose a file." in page.inner_text("#compare .problem")
    assert page.evaluate("document.activeElement.id") == "suspect"
    page.fill("#suspect", "a" * 2_000_001)
    page.fill("#original", TEXTS["original"])
    page.click("#compare .primary")
    assert "the limit is 2,000,000" in page.inner_text("#compare .problem")
    large = {"name": "large.txt", "mimeType": "text/plain", "buffer": b"a" * 10_000_001}
    page.set_input_files("#compare [data-name=suspect] input[type=file]", large)
    page.click("#compare .primary")
    assert "Suspect is a file of 10.1 MB, the limit is 10 MB" in page.inner_text("#compare .problem")
    assert page.evaluate("document.activeElement.className") == "remove"
    page.set_input_files(
        "#compare [data-name=suspect] input[type=file]",
        {"name": "scan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"},
    )
    page.click("#compare .primary")
    page.wait_for_selector("#compare .problem:not(:empty)")
    assert "scan.pdf cannot be read as .pdf" in page.inner_text("#compare .problem").replace("Scan", "scan")
    assert axe_findings(page) == []
    for status, title in ((503, "The desk is busy"), (504, "This took too long"), (413, "This is too large")):
        page.route("**/desk/compare", answering(status))
        page.click("#compare .primary")
        page.wait_for_function("t => document.querySelector('#compare .problem').textContent.startsWith(t)", arg=title)
        assert "The reason: the remedy." in page.inner_text("#compare .problem")
        assert page.locator("#compare .problem button").count() == (status >= 500)
        page.unroute("**/desk/compare")
    page.route("**/desk/compare", lambda route: route.abort())
    page.click("#compare .primary")
    page.wait_for_function("() => document.querySelector('#compare .problem').textContent.includes('spindetect serve')")
    # The browser itself reports failed requests in the console.
    assert all("Failed to load resource" in problem for problem in problems)
    problems.clear()


def test_cancel_and_go_on(opened, desk, stories):
    page, _ = opened(reduced_motion="reduce")
    pair = long_pair(stories, 200)
    page.fill("#suspect", pair["suspect"])
    page.fill("#original", pair["original"])
    page.click("#compare .primary")
    assert page.inner_text("#compare .progress").startswith("Comparing")
    assert not page.locator("#compare .progress .rail").is_visible()
    assert desk.wait_for("spindetect_jobs_running", 1)
    page.click("#compare .cancel")
    assert "Cancelled" in page.inner_text("#compare .problem")
    assert desk.wait_for("spindetect_jobs_running", 0, 20)
    assert "spun" in compared(page).locator("h2.judged").inner_text()


def test_all_of_it_by_keyboard(opened, desk, stories):
    page, _ = opened()
    pair = long_pair(stories, 200)
    focused = "() => document.activeElement.id || document.activeElement.className || document.activeElement.textContent"
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == "tab-compare"
    page.keyboard.press("ArrowRight")
    assert page.evaluate(focused) == "tab-screen" and page.is_visible("#screen")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == "suspect"
    page.keyboard.insert_text(pair["suspect"])
    for _ in range(3):  # the choice of a file and the button that clears come between
        page.keyboard.press("Tab")
    assert page.evaluate(focused) == "original"
    page.keyboard.insert_text(pair["original"])
    for _ in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate(focused) == "primary"
    page.keyboard.press("Enter")
    assert desk.wait_for("spindetect_jobs_running", 1)
    assert page.evaluate(focused) == "cancel"
    page.keyboard.press("Escape")
    page.wait_for_selector("#compare .problem:not(:empty)")
    assert page.evaluate(focused) == "primary"
    page.focus("#compare [data-example=spun]")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.className === 'primary'")
    page.keyboard.press("Enter")
    page.wait_for_selector("#compare .result:not([hidden])", timeout=180_000)
    assert page.get_attribute("#compare .result", "aria-label") == "Result: spun"
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == "copy"


def test_hostile_text_stays_text(opened):
    page, _ = opened()
    page.fill("#suspect", HOSTILE + TEXTS["spun"].replace(". ", f". {HOSTILE} ", 3))
    page.fill("#original", HOSTILE + TEXTS["original"])
    result = asked(page, "compare")
    assert page.evaluate("window.hit") is None
    view = result.locator(".view")
    assert view.locator("script, img, iframe, svg[onload], a[href^='javascript'], [onerror]").count() == 0
    assert "window.hit" in view.inner_text()
    page.click("#tab-screen")
    page.fill("#text", HOSTILE * 3 + TEXTS["spun"])
    asked(page, "screen")
    assert page.evaluate("window.hit") is None
    assert overflow(page) <= 0


def test_a_megabyte_without_spaces(opened):
    page, _ = opened("phone")
    page.fill("#suspect", "a" * 1_000_000)
    page.fill("#original", TEXTS["original"])
    result = asked(page, "compare")
    assert "inconclusive" in result.locator("h2.judged").inner_text()
    assert overflow(page) <= 0


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(opened, width, scheme):
    page, _ = opened(width, color_scheme=scheme, bypass_csp=True)
    assert axe_findings(page) == []
    result = compared(page)
    result.locator("[data-step='1']").click()
    page.click(".help summary")
    assert axe_findings(page) == []
    page.click("#tab-screen")
    page.fill("#text", TEXTS["spun"])
    asked(page, "screen")
    assert axe_findings(page) == []


def test_controls_are_large_enough_to_hit(opened):
    page, _ = opened("phone")
    compared(page)
    for control in page.locator(
        "#compare button:visible, .tabs button:visible, #compare .filter label:visible, .choose:visible"
    ).all():
        box = control.bounding_box()
        assert box["height"] >= 24 and box["width"] >= 24


def test_without_javascript_it_says_so(opened):
    page, _ = opened(java_script_enabled=False)
    assert "needs JavaScript" in page.inner_text("main")
    assert not page.is_visible("#compare")


def test_a_token_is_asked_for_and_kept(browser, opened):
    with served("--workers", "1", SPINDETECT_TOKEN="a-token-of-good-length") as guarded:
        page, problems = opened(address=guarded.address)
        assert page.is_visible("#token")
        page.fill("#suspect", TEXTS["spun"])
        page.fill("#original", TEXTS["original"])
        page.click("#compare .primary")
        page.wait_for_selector("#compare .problem:not(:empty)")
        assert "A token is needed" in page.inner_text("#compare .problem")
        page.fill("#token-field", "a-token-of-good-length")
        page.press("#token-field", "Enter")
        assert not page.is_visible("#token")
        assert "spun" in asked(page, "compare").locator("h2.judged").inner_text()
        page.reload()
        assert not page.is_visible("#token")
        assert axe_findings(page) == []
        problems.clear()  # the browser reports the 401
        page.context.close()
