"""Screenshots of the main screens into docs/screens, from scratch data, as `make screens` takes them.

python -m bench.screens
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.journeys.browser_person import signed_in
from tests.support.chromium import launch
from tests.support.processes import ROOT, Ontmoet

TARGET = ROOT / "docs" / "screens"
WIDTHS = {"wide": (1280, 800), "phone": (390, 844)}
COLOURS = 255  # a palette keeps a picture at a third of its size, and the eye sees no difference
SETTLE = 1500  # milliseconds for fonts, film and sockets
EVENING = "/livestreams/demo"
SCREENS: dict[str, tuple[str, str]] = {
    "home": ("visitor", "/"),
    "today": ("bram", "/"),
    "announced": ("bram", f"{EVENING}-open"),
    "live": ("bram", f"{EVENING}-live"),
    "replay": ("bram", f"{EVENING}-recorded"),
    "coffee": ("bram", "COFFEE"),
    "check-room": ("bram", "COFFEE/check"),
    "desk": ("anna", f"{EVENING}-live/desk"),
    "report": ("anna", f"{EVENING}-recorded/report"),
}
AFTERWARDS = {"yes-to-coffee": ("bram", f"{EVENING}-live/coffee")}
END = "document.querySelector(`form[action$='/end']`).requestSubmit()"
PLAYS = "() => [...document.querySelectorAll('main video')].every((film) => film.readyState >= 2)"
IN_THE_DARK = {"today", "live", "coffee"}


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    for old in TARGET.glob("*.png"):
        old.unlink()
    with demo() as ontmoet, sync_playwright() as playwright:
        browser = launch(playwright)
        for theme in ("light", "dark"):
            for width in WIDTHS:
                take(browser, ontmoet, SCREENS, theme, width)
        end_what_is_live(browser, ontmoet)
        for width in WIDTHS:
            take(browser, ontmoet, AFTERWARDS, "light", width)
        browser.close()
    files = list(TARGET.glob("*.png"))
    size = sum(file.stat().st_size for file in files)
    print(f"{len(files)} screens in {TARGET.relative_to(ROOT)}, {size / 1e6:.1f} MB")


@contextmanager
def demo() -> Iterator[Ontmoet]:
    with TemporaryDirectory() as home:
        ontmoet = Ontmoet(Path(home))
        ontmoet.flask("prepare")
        ontmoet.flask("seed")
        ontmoet.start()
        try:
            yield ontmoet
        finally:
            ontmoet.stop()


def take(
    browser: Browser, ontmoet: Ontmoet, screens: dict[str, tuple[str, str]], theme: str, width: str
) -> None:
    """Some screens in one theme at one width, each as the person who would look at it."""
    for reader in sorted({reader for reader, _path in screens.values()}):
        page = enter(browser, ontmoet, reader, theme, width)
        for name, (whose, path) in screens.items():
            if whose == reader and (theme == "light" or name in IN_THE_DARK):
                picture = look(page, path)
                dark = "-dark" if theme == "dark" else ""
                picture.save(TARGET / f"{name}-{width}{dark}.png", optimize=True)
        page.context.close()


def end_what_is_live(browser: Browser, ontmoet: Ontmoet) -> None:
    """As Anna does at her desk, so that saying yes to a coffee opens."""
    page = enter(browser, ontmoet, "anna", "light", "wide")
    page.goto(f"{EVENING}-live/desk")
    with page.expect_navigation():
        page.evaluate(END)
    page.context.close()


def enter(browser: Browser, ontmoet: Ontmoet, reader: str, theme: str, width: str) -> Page:
    across, down = WIDTHS[width]
    context = browser.new_context(
        base_url=ontmoet.url,
        locale="nl-NL",
        timezone_id="Europe/Amsterdam",
        viewport={"width": across, "height": down},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        permissions=["camera", "microphone"],
    )
    return context.new_page() if reader == "visitor" else signed_in(context, reader)


def look(page: Page, path: str) -> Image.Image:
    if path.startswith("COFFEE"):
        page.goto("/coffees")
        coffee = page.locator("main a[href^='/coffees/']").first.get_attribute("href")
        assert coffee is not None, "the demo has no coffee for this reader"
        path = path.replace("COFFEE", coffee)
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200, f"{path} answered {answer.status}"
    page.evaluate("document.fonts.ready")
    page.wait_for_function(PLAYS)
    page.wait_for_timeout(SETTLE)
    shot = Image.open(io.BytesIO(page.screenshot()))
    return shot.convert("RGB").quantize(COLOURS, method=Image.Quantize.MEDIANCUT)


if __name__ == "__main__":
    main()
