"""A chat of thousands of lines beside its film: pages come as the film runs, jumps and goes back."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page, expect

from events.core.sqlite_driver import sqlite
from tests.journeys.browser_person import PHONE, signed_in
from tests.support.processes import Ontmoet

REPLAY = "/livestreams/demo-recorded"
OTHER_SITE = "https://www.youtube-nocookie.com"
LINES = 3000  # four a second
# A player that is where it was told to be, and says so.
PLAYER = """<!doctype html><title>player</title><body><script>
const say = (event, info) => parent.postMessage(JSON.stringify({event, info}), '*');
addEventListener('message', ({data}) => { const {func, args} = JSON.parse(data);
  if (func === 'seekTo') say('infoDelivery', {currentTime: args[0], playerState: 1}); });
say('onReady', {});
</script>"""
ADD_LINE = """INSERT INTO chat_entry (room_id, seq, id, kind, author_id, client_id, body, body_hash, sent_at)
 SELECT room.id, room.seq + :at, 'l' || :at, 'posted', livestream.host_id, 'c' || :at, 'Line ' || :at, '',
 strftime('%Y-%m-%d %H:%M:%f000', recording.zero_at, '+' || (:at / 4) || ' seconds')
 FROM room JOIN livestream ON livestream.id = room.subject_id
 JOIN recording ON recording.livestream_id = livestream.id WHERE livestream.slug = 'demo-recorded'"""


@pytest.fixture
def bram(browser: Browser, demo: Ontmoet) -> Iterator[Page]:
    with closing(sqlite.connect(demo.home / "ontmoet.db", timeout=20)) as rows, rows:
        rows.execute("UPDATE recording SET provider = 'youtube', source_ref = 'aqz-KE-bpKQ'")
        rows.execute(
            "DELETE FROM chat_entry WHERE room_id = (SELECT room.id FROM room JOIN livestream"
            " ON livestream.id = room.subject_id WHERE livestream.slug = 'demo-recorded')"
        )
        rows.executemany(ADD_LINE, [{"at": number} for number in range(LINES)])
    context = browser.new_context(base_url=demo.url, locale="en-GB", viewport=PHONE)
    context.route(f"{OTHER_SITE}/**", lambda route: route.fulfill(content_type="text/html", body=PLAYER))
    yield signed_in(context, "bram")
    context.close()


@pytest.mark.journey
def test_lines_come_as_the_film_runs_jumps_and_goes_back(bram: Page) -> None:
    faults: list[str] = []
    bram.on("pageerror", lambda error: faults.append(str(error)))
    bram.goto(REPLAY)
    expect(bram.locator("html[data-ready]")).to_have_count(1)
    lines = bram.locator("[data-said] [data-at]")
    expect(lines).to_have_count(50)
    bram.locator("[data-along]").click()  # all that is here, whatever the film does
    bram.locator('[data-way="later"]').click()
    expect(lines).to_have_count(100)
    bram.locator("[data-along]").click()
    bram.locator("[data-role=watch], [data-role=resume]").first.click()
    expect(bram.locator("iframe")).to_have_count(1)
    for second in (500, 100):
        # Pressed until the player is there to hear it.
        line = bram.locator(f'[data-said] [data-at="{second}"]').first

        def jump(second: int = second) -> None:
            bram.evaluate(
                """second => { const link = Object.assign(document.createElement('a'), {href: '#'});
                link.dataset.seek = second; document.querySelector('.replay-grid').append(link);
                link.click(); link.remove(); }""",
                second,
            )

        expect(bram.frame_locator("iframe").locator("body")).to_have_count(1)
        jump()
        expect(line).to_be_attached()
        assert lines.count() <= 300
    assert faults == []
