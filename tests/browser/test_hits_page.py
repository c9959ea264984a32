"""The page of hits in headless Chromium: chart, search, languages, sound, keyboard, phone and desktop."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from chingolo.files import write_sound
from chingolo.hits_page import page

ROOT = Path(__file__).parents[2]
PARTS = [(ROOT / f"workflow/hits/page.{kind}").read_text("utf-8") for kind in ("html", "css", "js")]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--autoplay-policy=no-user-gesture-required"]  # fmt: skip
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}
RATE = 22050
GRAVE = ("serious", "critical")


def hit(rank: int, sketch: str, found: bool, probability: float, real: bool) -> dict:
    played = {"sound": "song.flac", "spectrogram": "song.png", "seconds": 2.0}
    credit = {
        "recording": "XC1", "recordist": "A. <b>B</b>.", "site": "Pergamino", "date": "2020-10-01",
        "licence": "CC BY-NC-SA 4.0", "url": "https://xeno-canto.org/1/download",
    }  # fmt: skip
    return {
        "rank": rank, "sketch": sketch, "verdict": "today-1" if found else "none",
        "nearest": "today-1", "probability": probability, "p": 0.01, "q": 0.02, "agreement": 1.0,
        "birds": 10 - rank, "truth": "", "low": 0.1, "high": 0.9, "stability": 1.0, "notes": "RFA",
        "drawing": "drawing.png", "old": played, "today": played if found else None,
        "credit": credit if real else {},
    }  # fmt: skip


CHARTS = {
    "songs": [
        hit(1, "park-03", True, 0.97, True),
        hit(2, "park-<i>7</i>", False, 0.12, True),
        hit(3, "camino", True, 0.6, True),
    ],
    "simulated": [hit(1, "sketch-01", True, 0.9, False)],
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hits")
    for world in CHARTS:
        (folder / world).mkdir()
        Image.fromarray(np.full((40, 100), 200, np.uint8)).save(folder / world / "song.png")
        Image.fromarray(np.full((80, 120), 240, np.uint8)).save(folder / world / "drawing.png")
        tone = np.sin(np.arange(2 * RATE) * 0.7).astype(np.float32)
        write_sound(folder / world / "song.flac", tone, RATE)
    (folder / "index.html").write_text(page(*PARTS, CHARTS), "utf-8")
    return folder


@pytest.fixture(params=SIZES)
def shown(request, browser: Browser, site: Path) -> Iterator[Page]:
    """Open the page as a file; whatever stands on the console, or is asked of a network, fails."""
    width, height = SIZES[request.param]
    context = browser.new_context(
        viewport={"width": width, "height": height}, has_touch=request.param == "phone",
        locale="en-GB",
    )  # fmt: skip
    tab = context.new_page()
    told: list[str] = []
    tab.on("console", lambda message: told.append(message.text))
    tab.on("pageerror", lambda error: told.append(str(error)))
    tab.on(
        "request", lambda asked: None if asked.url.startswith("file:") else told.append(asked.url)
    )
    tab.goto((site / "index.html").as_uri())
    yield tab
    context.close()
    assert not told


def eventually(tab: Page, script: str) -> None:
    """Ask again and again; Playwright's own waiting needs eval, which the page's policy forbids."""
    until = time.monotonic() + 10
    while not tab.evaluate(script):
        assert time.monotonic() < until, script
        tab.wait_for_timeout(20)


def names(tab: Page) -> list[str]:
    return [text.split(".", 1)[1] for text in tab.locator("#chart h2").all_inner_texts()]


def test_the_chart_is_whole_and_fits_the_screen(shown: Page):
    assert names(shown) == ["park-03", "park-<i>7</i>", "camino"]
    assert shown.locator("#count").inner_text() == "3 of 3 songs"
    assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
    first = shown.locator(".hit").first.inner_text()
    assert "still sung" in first
    assert "noted from 9 birds" in first
    assert "almost certainly today’s today-1 (probability 0.97)" in first
    assert "A. <b>B</b>. · Pergamino · 2020-10-01 · XC1 · CC BY-NC-SA 4.0" in first
    assert "allows no excerpt" in shown.locator(".hit").nth(1).inner_text()
    loaded = "all => all.every(i => i.complete && i.naturalWidth > 0)"
    for picture in shown.locator("#chart img").all():
        picture.scroll_into_view_if_needed()
    eventually(shown, "[...document.images].every(i => i.complete)")
    assert shown.eval_on_selector_all("#chart img", loaded)
    assert all(alt for alt in shown.eval_on_selector_all("#chart img", "a => a.map(i => i.alt)"))


def test_search_and_order(shown: Page):
    shown.get_by_label("Search").fill("cam")
    assert names(shown) == ["camino"]
    assert shown.locator("#count").inner_text() == "1 of 3 songs"
    shown.get_by_label("Search").fill("nowhere")
    assert "No song" in shown.locator("#count").inner_text()
    shown.get_by_label("Search").fill("")
    shown.get_by_label("Sort by").select_option("sketch")
    assert names(shown)[0] == "camino"
    shown.get_by_label("Sort by").select_option("probability")
    assert names(shown) == ["park-03", "camino", "park-<i>7</i>"]


def test_spanish(shown: Page):
    shown.get_by_role("button", name="Español").click()
    assert shown.evaluate("document.documentElement.lang") == "es"
    assert "éxitos" in shown.locator("h1").inner_text()
    assert "se canta todavía" in shown.locator(".hit").first.inner_text()
    assert shown.locator("#count").inner_text() == "3 de 3 cantos"
    assert not shown.locator("text=undefined").count()


def test_other_worlds_are_called_what_they_are(shown: Page):
    shown.get_by_role("button", name="simulated park").click()
    assert names(shown) == ["sketch-01"]
    assert "Everything here is simulated" in shown.locator("#world-note").inner_text()
    assert "synthetic" in shown.locator(".hit").inner_text()


def test_one_song_plays_at_a_time_and_the_cursor_follows(shown: Page):
    buttons = shown.locator(".sound button")
    buttons.nth(0).click()
    eventually(shown, "parseFloat(document.querySelector('.cursor').style.left) > 10")
    assert buttons.nth(0).get_attribute("aria-pressed") == "true"
    buttons.nth(1).click()
    assert buttons.nth(0).get_attribute("aria-pressed") == "false"
    assert buttons.nth(1).get_attribute("aria-pressed") == "true"
    # The song ends by itself, and the button is ready again.
    eventually(shown, "!document.querySelector('.sound button[aria-pressed=true]')")
    assert "Play" in buttons.nth(1).inner_text()


def test_the_keyboard_alone_plays_and_stops(shown: Page):
    button = shown.locator(".sound button").first
    button.focus()
    shown.keyboard.press("Enter")
    assert button.get_attribute("aria-pressed") == "true"
    shown.keyboard.press("Space")
    assert button.get_attribute("aria-pressed") == "false"
    shown.keyboard.press("Tab")
    assert shown.evaluate("document.activeElement.tagName") in ("BUTTON", "A")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_violation_of_accessibility(shown: Page, scheme: Literal["light", "dark"]):
    shown.emulate_media(color_scheme=scheme)
    for press in ("Español", "English"):
        shown.get_by_role("button", name=press).click()
        told = Axe().run(shown).response
        assert len(told["passes"]) > 10
        assert not [(v["id"], v["nodes"]) for v in told["violations"] if v["impact"] in GRAVE]


def test_every_button_is_large_enough_for_a_finger(shown: Page):
    sizes = shown.eval_on_selector_all(
        "button, select, input", "all => all.map(b => b.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 44


def test_an_empty_notebook_is_told(browser: Browser, tmp_path: Path):
    (tmp_path / "index.html").write_text(page(*PARTS, {"field": []}), "utf-8")
    tab = browser.new_page()
    tab.goto((tmp_path / "index.html").as_uri())
    assert "empty" in tab.locator("#count").inner_text()
    tab.close()
