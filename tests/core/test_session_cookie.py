"""Session cookies with clock skew: no sign-in is lost and no form refused."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from itsdangerous import TimestampSigner

from events.core import clock
from events.core.runtime import runtime
from tests.support.cast import Cast
from tests.support.types import OpenPage


@pytest.fixture
def set_back(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Our clock and the one that dates signatures."""

    def move(by: timedelta) -> None:
        earlier = clock.now() - by
        signed_at = int(time.time() - by.total_seconds())
        monkeypatch.setattr(runtime, "clock", lambda: earlier)
        monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _signer: signed_at)

    return move


@pytest.mark.parametrize("behind", [timedelta(seconds=2), timedelta(seconds=30), timedelta(hours=1)])
def test_a_process_whose_clock_is_behind_knows_the_sign_in_and_takes_the_form(
    cast: Cast, page: OpenPage, set_back: Callable[[timedelta], None], behind: timedelta
) -> None:
    bram = page(cast.bram)
    assert bram.get("/me").status_code == 200
    set_back(behind)
    assert bram.get("/me").status_code == 200
    answer = bram.post(f"/circles/{cast.circle.slug}/members/{cast.dana.id}/block")
    assert (answer.status_code, "sign-in" in answer.location) == (303, False)


def test_a_cookie_that_is_too_old_signs_nobody_in(
    cast: Cast, page: OpenPage, set_back: Callable[[timedelta], None]
) -> None:
    bram = page(cast.bram)
    assert bram.get("/me").status_code == 200
    set_back(-timedelta(days=61))
    assert bram.get("/me").status_code == 303
