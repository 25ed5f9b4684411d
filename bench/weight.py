"""Page weight benchmark, compressed bytes of a first visit: pages without and with a stage.

python -m bench.weight
"""

import gzip
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Response, sync_playwright

from bench.screens import EVENING, demo
from tests.journeys.browser_person import signed_in
from tests.support.chromium import launch
from tests.support.processes import Ontmoet

SETTLE = 1500  # milliseconds for what scripts fetch by themselves
APART = ("font", "image", "media")
KB = 1000
PAGES = {
    "the front page": ("visitor", "/", 60),
    "Today": ("bram", "/", 60),
    "a livestream that is announced, with its room": ("bram", f"{EVENING}-open", 120),
    "a livestream with its stage": ("bram", f"{EVENING}-live", 120),
    "a recording": ("bram", f"{EVENING}-recorded", 120),
}


def table() -> str:
    lines = [
        "| page | page / scripts / styles, kB compressed | together | hls.js fetched | promise |",
        "|---|---|---|---|---|",
    ]
    with demo() as ontmoet, sync_playwright() as playwright:
        browser = launch(playwright)
        for name, (whose, path, most) in PAGES.items():
            sizes, hls = first_visit(browser, ontmoet, whose, path)
            parts = " / ".join(
                f"{sizes.get(kind, 0) / KB:.1f}" for kind in ("document", "script", "stylesheet")
            )
            together = sum(sizes.values()) / KB
            lines.append(f"| {name} | {parts} | {together:.1f} | {'yes' if hls else 'no'} | ≤ {most} kB |")
        browser.close()
    return "\n".join(lines)


def first_visit(browser: Browser, ontmoet: Ontmoet, whose: str, path: str) -> tuple[dict[str, int], bool]:
    """Compressed bytes by kind, without what stands apart, and whether hls.js was among it."""
    context = browser.new_context(base_url=ontmoet.url, locale="nl-NL")
    if whose != "visitor":
        cookies = signed_in(context, whose).context.storage_state()
        context.close()  # with all that it kept
        context = browser.new_context(base_url=ontmoet.url, locale="nl-NL", storage_state=cookies)
    page, answers = context.new_page(), list[Response]()
    page.on("response", lambda answer: answers.append(answer))
    page.goto(path)
    page.wait_for_timeout(SETTLE)
    mine = [
        answer
        for answer in answers
        if answer.url.startswith(ontmoet.url)
        and answer.request.resource_type not in APART
        and answer.status == 200
    ]
    sizes: dict[str, int] = {}
    for answer in mine:
        kind = answer.request.resource_type
        sizes[kind] = sizes.get(kind, 0) + len(gzip.compress(answer.body()))
    context.close()
    return sizes, any(urlsplit(answer.url).path.endswith("/hls.js") for answer in mine)


if __name__ == "__main__":
    print(table())
