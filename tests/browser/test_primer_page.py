"""The primer's page in headless Chromium: its numbers, and drawing by mouse, finger and keyboard."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from chingolo import four_pixels, primer, screen
from chingolo.config import Config
from chingolo.primer_page import STAGES, page

ROOT = Path(__file__).parents[2]
PARTS = [
    (ROOT / f"workflow/primer/page.{kind}").read_text("utf-8") for kind in ("html", "css", "js")
]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}


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
def made(config: Config):
    """Train networks quickly: what is exported is exact, however good they are."""
    short = {way: d._replace(epochs=2) for way, d in config.primer.descents._asdict().items()}
    short["stochastic"] = short["stochastic"]._replace(batch=64)
    settings = config.primer._replace(seeds=1, descents=config.primer.descents._replace(**short))
    arrays = primer.two_symbols(settings, 1)[1] | primer.larger_screen(settings, 1)[1]
    return settings, arrays


def write(folder: Path, names: list[str], arrays, config: Config) -> Path:
    path = folder / "index.html"
    told = page(*PARTS, names, arrays, four_pixels.BIAS, config.primer.learning_rate)
    path.write_text(told, "utf-8")
    return path


@pytest.fixture(params=SIZES)
def shown(
    request, browser: Browser, made, config: Config, tmp_path: Path
) -> Iterator[tuple[Page, str]]:
    """Open the page as a file; whatever stands on the console, or is asked of a network, fails."""
    settings, arrays = made
    path = write(tmp_path, [s.name for s in settings.symbols], arrays, config)
    width, height = SIZES[request.param]
    context = browser.new_context(
        viewport={"width": width, "height": height}, has_touch=request.param == "phone"
    )
    tab = context.new_page()
    told: list[str] = []
    tab.on("console", lambda message: told.append(message.text))
    tab.on("pageerror", lambda error: told.append(str(error)))
    tab.on("request", lambda asked: told.append(asked.url) if asked.url != path.as_uri() else None)
    tab.goto(path.as_uri())
    yield tab, request.param
    context.close()
    assert not told


def pressed(tab: Page) -> list[list[int]]:
    flat = tab.eval_on_selector_all(
        "#drawing button", "all => all.map(b => b.getAttribute('aria-pressed') === 'true' ? 1 : -1)"
    )
    return np.array(flat).reshape(5, 5).tolist()


def test_the_pages_numbers_are_the_rules(shown, made):
    tab, _ = shown
    settings, arrays = made
    rng = np.random.default_rng(1)
    drawn = [np.array(s.pixels, float) for s in settings.symbols]
    drawn += list(screen.flipped(np.ones((20, 5, 5)), 0.5, rng))
    by_hand = screen.set_by_hand(settings.symbols)
    learned = screen.untrained(settings.symbols, settings.filters, 0)
    state = {
        "convolution.weight": arrays["learned_filters"][:, None],
        "convolution.bias": arrays["learned_bias"],
        "matrix.weight": arrays["learned_matrix"],
        "matrix.bias": arrays["learned_matrix_bias"],
    }
    learned.load_state_dict({key: torch.from_numpy(value) for key, value in state.items()})
    for name, model in (("by_hand", by_hand), ("learned", learned)):
        for k, picture in enumerate(drawn):
            got = tab.evaluate(
                "([n, p]) => primer.stages(primer.data.networks[n], p)", [name, picture.tolist()]
            )
            wanted = screen.stages(model, picture)._asdict()
            for stage in STAGES:
                np.testing.assert_allclose(np.array(got[stage]), wanted[stage], rtol=0, atol=1e-6)
                if k < len(settings.symbols):
                    exported = arrays[f"{name}_{stage}"][k]
                    np.testing.assert_allclose(np.array(got[stage]), exported, rtol=0, atol=1e-6)


def test_the_pages_descent_is_the_rules(shown, config: Config):
    tab, _ = shown
    path = four_pixels.descend([four_pixels.BLIND], 30, config.primer.learning_rate)[0]
    weights = list(four_pixels.BLIND)
    for wanted in path[1:]:
        weights = tab.evaluate("w => primer.descend(w)", weights)
        np.testing.assert_allclose(weights, wanted, rtol=0, atol=1e-6)
    error = tab.evaluate("w => primer.error(w)", [0.3, -1, 2, 0.5])
    assert error == pytest.approx(float(four_pixels.errors([0.3, -1, 2, 0.5])), abs=1e-6)
    tab.get_by_role("button", name="Start at (1, 1, 1, 1)").click()
    assert tab.locator("#error").inner_text() == "16.000"
    tab.get_by_role("button", name="Thirty steps").click()
    assert tab.locator("#error").inner_text() == "0.000"
    assert tab.locator("#weights output").all_inner_texts() == ["0.00", "2.00", "2.00", "0.00"]
    assert "one of the two" in tab.locator("#verdict").inner_text()


def test_a_weight_moves_by_the_keyboard(shown):
    tab, _ = shown
    slider = tab.get_by_role("slider", name="weight top left")
    slider.focus()
    for _ in range(20):
        slider.press("ArrowLeft")
    assert tab.locator("#weights output").first.inner_text() == "−1.00"
    # (-1, 1, 1, 1) with /, \ and the badly drawn \: by hand.
    scores = tab.locator("#pictures tr td:nth-of-type(3)").all_inner_texts()
    assert scores == ["2.00", "−2.00", "0.00"]


def test_symbols_are_drawn_and_named(shown, made):
    tab, _ = shown
    settings, arrays = made
    for k, symbol in enumerate(settings.symbols):
        tab.get_by_role("button", name=f"draw {symbol.name}", exact=True).click()
        assert pressed(tab) == [list(row) for row in symbol.pixels]
        assert tab.locator("#answer").inner_text() == f"It looks like {symbol.name}."
        p = arrays["by_hand_probabilities"][k]
        shown_p = [text.removesuffix(" %") for text in tab.locator(".bar span").all_inner_texts()]
        assert [float(x) for x in shown_p] == pytest.approx(100 * p, abs=0.051)
    tab.get_by_label("learned from random numbers").check()
    assert "soft threshold" in tab.locator("#layers").inner_text()


def test_drawing_by_mouse_or_finger(shown):
    tab, size = shown
    tab.get_by_role("button", name="Clear").click()
    assert np.array(pressed(tab)).max() == -1
    tab.locator("#drawing").scroll_into_view_if_needed()
    places = [tab.get_by_label(f"row 3, column {c}", exact=True).bounding_box() for c in (1, 3)]
    (x0, y), (x1, _) = [(p["x"] + p["width"] / 2, p["y"] + p["height"] / 2) for p in places]
    if size == "phone":
        tab.touchscreen.tap(x0, y)
        assert pressed(tab)[2] == [1, -1, -1, -1, -1]
        cdp = tab.context.new_cdp_session(tab)
        point = {"x": x0 + (x1 - x0) / 2, "y": y}
        cdp.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
        cdp.send(
            "Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x1, "y": y}]}
        )
        cdp.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    else:
        tab.mouse.move(x0, y)
        tab.mouse.down()
        tab.mouse.move(x1, y, steps=8)
        tab.mouse.up()
        tab.mouse.move(x0, y + 60)  # the button is up: nothing more is inked
    assert pressed(tab)[2] == [1, 1, 1, -1, -1]
    assert np.array(pressed(tab)).sum() == 3 - 22


def test_drawing_by_keyboard_alone(shown):
    tab, _ = shown
    tab.get_by_role("button", name="Clear").click()
    tab.get_by_label("row 1, column 1", exact=True).focus()
    for key in ("Space", "ArrowRight", "ArrowDown", "Enter", "ArrowUp", "ArrowUp"):
        tab.keyboard.press(key)
    assert [k for k, p in enumerate(np.ravel(pressed(tab))) if p > 0] == [0, 6]
    # One stop of the tab key for the whole screen, then on to the symbols.
    tab.keyboard.press("Tab")
    focused = tab.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focused.startswith("draw ")


def test_nothing_sticks_out_of_the_page(shown):
    tab, _ = shown
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_symbols_name_is_text_and_nothing_else(browser: Browser, made, config, tmp_path: Path):
    settings, arrays = made
    names = ["</script><b>x", '"><img src=x>', *(s.name for s in settings.symbols[2:])]
    tab = browser.new_page()
    told: list[str] = []
    tab.on("console", lambda message: told.append(message.text))
    tab.on("pageerror", lambda error: told.append(str(error)))
    tab.goto(write(tmp_path, names, arrays, config).as_uri())
    assert tab.locator(".bar b").all_inner_texts() == names
    assert tab.locator("img").count() == 0
    tab.close()
    assert not told


def test_what_is_not_the_pages_own_program_does_not_run(browser, made, config, tmp_path: Path):
    settings, arrays = made
    path = write(tmp_path, [s.name for s in settings.symbols], arrays, config)
    text = path.read_text("utf-8")
    path.write_text(text.replace("</main>", "<script>window.strange = 1</script></main>"), "utf-8")
    tab = browser.new_page()
    tab.goto(path.as_uri())
    assert tab.evaluate("window.strange === undefined")
    assert tab.evaluate("primer.data.names.length") == len(settings.symbols)
    tab.close()


def test_the_page_holds_the_numbers_unrounded(made, config: Config, tmp_path: Path):
    settings, arrays = made
    names = [s.name for s in settings.symbols]
    text = write(tmp_path, names, arrays, config).read_text("utf-8")
    inner = text.split('id="numbers">')[1].split("</script>")[0]
    told = json.loads(inner)
    assert np.array_equal(told["networks"]["learned"]["filters"], arrays["learned_filters"])
    assert "://" not in text


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_violation_of_accessibility(
    shown: tuple[Page, str], scheme: Literal["light", "dark"]
):
    tab, _ = shown
    tab.emulate_media(color_scheme=scheme)
    told = Axe().run(tab).response
    assert len(told["passes"]) > 10
    grave = [v for v in told["violations"] if v["impact"] in ("serious", "critical")]
    assert not [(v["id"], v["nodes"]) for v in grave]
