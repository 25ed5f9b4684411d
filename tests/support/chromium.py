"""The browser of the journeys: Chromium from npm, headless, with a fake camera and microphone."""

import json
import subprocess
from pathlib import Path

from playwright.sync_api import Browser, Playwright

from tests.support.processes import ROOT, node

FIND_CHROMIUM = """
import chromium from '@sparticuz/chromium';
console.log(JSON.stringify(await chromium.executablePath()));
"""
SWITCHES = [
    "--no-sandbox", "--headless=shell", "--use-fake-device-for-media-stream=fps=10",
    "--use-fake-ui-for-media-stream", "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required", "--disable-background-networking", "--no-first-run",
    # Drawing by a graphics card that the processor plays took two thirds of the browser's time.
    "--disable-gpu", "--font-render-hinting=none",
]  # fmt: skip


def find_chromium() -> str:
    """Where the browser is; unpacked on first use."""
    done = subprocess.run(
        [node(), "--input-type=module", "-e", FIND_CHROMIUM],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    path: str = json.loads(done.stdout)
    return path


def launch(playwright: Playwright, *switches: str) -> Browser:
    chromium = find_chromium()
    home = Path(chromium).parent
    return playwright.chromium.launch(
        executable_path=chromium,
        args=[*SWITCHES, *switches],
        env={"LD_LIBRARY_PATH": str(home / "al2023" / "lib"), "FONTCONFIG_PATH": str(home / "fonts")},
    )
