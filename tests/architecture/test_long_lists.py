"""Lists of hundreds come in pages: small, with no more statements than a short list has."""

import re
from collections.abc import Sequence
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from events.accounts.models import Block, BouncedAddress, SignIn, User
from events.circles.models import CircleBan, Company, Invitation, JoinRequest, Membership, Topic
from events.core import clock
from events.core.db.paging import ROWS_PER_PAGE
from events.core.db.session import unit_of_work
from events.core.ids import new_id
from events.livestreams.models import Livestream
from events.messages.models import Message
from events.questions.models import Question
from events.registrations.models import Registration
from tests.architecture.test_query_counts import count_statements
from tests.factories.circles import make_company
from tests.factories.coffees import make_coffee
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.clients import PageClient

MANY = 300
MAX_PAGE_BYTES = 100_000
# (who reads it, address, what each row of the list has)
LISTS = [
    ("anna", "/circles/{circle}/members", r'<li class="member'),
    ("bram", "/circles/{circle}/companies", r'<li class="member'),
    ("bram", "/circles/{circle}/companies/{company}", r'<li class="member'),
    ("anna", "/circles/{circle}/invite", r"/invite/\w+/withdraw"),
    ("anna", "/circles/{circle}/requests", r'<li class="member'),
    ("anna", "/circles/{circle}/topics", r"topic=\w+"),
    ("anna", "/circles/{circle}/removed", r"/let-back\""),
    ("anna", "/circles/{circle}/unreached", r"/try-again\""),
    ("bram", "/livestreams/{live}/questions", r"data-asked="),
    ("anna", "/livestreams/{live}/questions", r"data-asked="),
    ("bram", "/me", r"Allow again: "),
    ("anna", "/livestreams/{live}/registrations", r'<td role="cell" class="numeric'),
    ("bram", "/livestreams", r'<div class="row">'),
    (None, "/livestreams", r'<div class="row">'),
    ("bram", "/circles/{circle}/recordings", r'<div class="row">'),
    ("anna", "/circles/{circle}/messages", r'href="/messages/'),
    ("anna", "/livestreams/{live}/messages", r'href="/messages/'),
    ("bram", "/me/sign-ins", r"/me/sign-ins/\w+/end\""),
]  # fmt: skip
CHOICES = ["/circles/{circle}/coffee/apart", "/coffees/{met}/introduce"]


@pytest.fixture
def values(cast: Cast) -> dict[str, str]:
    """One of each list, after which `grow` makes each long."""
    with unit_of_work() as db:
        live = make_livestream(db, cast.circle, cast.anna, state="live", audience="public")
        week_ago = clock.now() - timedelta(days=7)
        met = make_coffee(db, cast.circle, [cast.bram, cast.chris], state="met", starts_at=week_ago)
        company = make_company(db, cast.circle, "Bakkerij Bol", cast.chris)
        return {"circle": cast.circle.slug, "company": company.id, "live": live.slug, "met": met.id}


def grow(db: Session, cast: Cast, values: dict[str, str], names: Sequence[str]) -> None:
    """One more of everything for each name, in bulk."""
    moment, circle = clock.now(), cast.circle.id
    live = db.scalars(select(Livestream).where(Livestream.slug == values["live"])).one()
    members, askers = ({name: new_id() for name in names} for _ in range(2))
    made: dict[str, object] = {"created_at": moment}
    companies = [new_id() for _ in names[::2]]  # the others are of one company
    companies_of = [companies[at // 2] if at % 2 == 0 else values["company"] for at in range(len(names))]
    ours = made | {"circle_id": circle}
    sign_in = made | {"last_seen_at": moment, "expires_at": moment + timedelta(days=9), "how": "link"}
    place = made | {"livestream_id": live.id, "state": "coming", "changed_at": moment}
    gone = {"kind": "gone", "last_at": moment, "suppressed_at": moment}
    asked = {"livestream_id": live.id, "body": "Hoe?", "asked_at": moment}
    users = [
        made | {"id": ids[name], "name": name, "email": f"{ids[name]}@many.test"}
        for ids in (members, askers)
        for name in names
    ]
    rows: list[tuple[type, list[dict[str, object]]]] = [
        (User, users),
        (Company, [ours | {"id": one, "key": one, "name": one} for one in companies]),
        (
            Membership,
            [
                ours | {"user_id": one, "role": "member", "listed": True, "company_id": company}
                for one, company in zip(members.values(), companies_of, strict=True)
            ],
        ),
        (
            Invitation,
            [ours | {"user_id": askers[name], "name": name, "invited_by_id": cast.anna.id} for name in names],
        ),
        (JoinRequest, [ours | {"user_id": one} for one in askers.values()]),
        (Topic, [{"circle_id": circle, "name_nl": name, "name_en": name} for name in names]),
        (SignIn, [sign_in | {"user_id": cast.bram.id} for _ in names]),
        (Registration, [place | {"user_id": one} for one in members.values()]),
        (
            Message,
            [
                ours
                | {"livestream_id": live.id, "author_id": cast.anna.id, "audience": "circle"}
                | {"subject": name, "body": name, "sent_at": moment, "recipients": 3}
                for name in names
            ],
        ),
        (CircleBan, [ours | {"user_id": one} for one in askers.values()]),
        (
            BouncedAddress,
            [gone | {"user_id": members[name], "address": f"{members[name]}@many.test"} for name in names],
        ),
        (Block, [made | {"blocker_id": cast.bram.id, "blocked_id": one} for one in askers.values()]),
        (Question, [asked | {"author_id": one, "client_id": one} for one in members.values()]),
    ]
    for model, found in rows:
        db.execute(insert(model), found)
    for number, name in enumerate(names):
        begun = moment - timedelta(days=number + 2)
        make_livestream(
            db, cast.circle, cast.anna, title=name, state="replay", audience="public", starts_at=begun
        )


@pytest.fixture
def long(cast: Cast, values: dict[str, str]) -> dict[str, str]:
    with unit_of_work() as db:
        grow(db, cast, values, [f"Lid {number:03}" for number in range(MANY)])
    return values


def test_a_long_list_comes_in_small_pages(app: Flask, cast: Cast, values: dict[str, str]) -> None:
    """Each list is looked at with three rows and with three hundred: with the same number of statements."""
    browsers = {
        reader: PageClient(app, getattr(cast, reader) if reader else None) for reader, _path, _row in LISTS
    }
    few: list[int] = []
    with unit_of_work() as db:
        grow(db, cast, values, [f"Kort {number}" for number in range(3)])
    for reader, path, _row in LISTS:
        browsers[reader].get(path.format(**values))  # what is read once a process or a browser
        few.append(len(count_statements(browsers[reader], path.format(**values))))
    with unit_of_work() as db:
        grow(db, cast, values, [f"Lid {number:03}" for number in range(MANY)])
    for (reader, path, row), statements in zip(LISTS, few, strict=True):
        address, browser = path.format(**values), browsers[reader]
        assert len(count_statements(browser, address)) == statements, path
        first = browser.get(address)
        assert len(re.findall(row, first.text)) == ROWS_PER_PAGE, path
        assert len(first.data) <= MAX_PAGE_BYTES, path
        following = re.search(r'rel="next" href="([^"]+)"', first.text)
        assert following is not None, path
        second = browser.get(following[1].replace("&amp;", "&"))
        assert len(re.findall(row, second.text)) == ROWS_PER_PAGE, path
        assert 'rel="prev"' in second.text, path
        assert browser.main(address) != browser.main(f"{address}?page=2"), path


def test_every_row_is_on_exactly_one_page(app: Flask, cast: Cast, long: dict[str, str]) -> None:
    """Rows of the same moment keep their order from page to page."""
    browser = PageClient(app, cast.anna)
    address = f"/circles/{long['circle']}/invite?page="
    seen = [
        one
        for page in range(1, MANY // ROWS_PER_PAGE + 1)
        for one in re.findall(r"Lid \d{3}(?=\s*<span)", browser.get(f"{address}{page}").text)
    ]
    assert sorted(seen) == [f"Lid {number:03}" for number in range(MANY)]


def test_a_search_finds_people_on_later_pages(app: Flask, cast: Cast, long: dict[str, str]) -> None:
    browser = PageClient(app, cast.anna)
    for path in (
        "/circles/{circle}/members",
        "/circles/{circle}/invite",
        "/livestreams/{live}/registrations",
    ):
        address = path.format(**long)
        found = browser.main(f"{address}?q=299")
        assert "Lid 299" in found, path
        assert "Lid 298" not in found, path
        assert "No one found for" in browser.main(f"{address}?q=nobody"), path


def test_somebody_is_chosen_from_a_page_that_a_search_finds(
    app: Flask, cast: Cast, long: dict[str, str]
) -> None:
    browser = PageClient(app, cast.bram)
    for path in CHOICES:
        address = path.format(**long)
        assert browser.get(address).text.count("<option") <= ROWS_PER_PAGE + 1, path
        assert "Lid 299" not in browser.main(address), path
        assert "Lid 299" in browser.main(f"{address}?q=299"), path


def test_an_outsider_reads_no_page_of_a_list(app: Flask, cast: Cast, long: dict[str, str]) -> None:
    browser = PageClient(app, cast.olga)
    for path in (
        "/circles/{circle}/members",
        "/circles/{circle}/invite",
        "/circles/{circle}/requests",
        "/circles/{circle}/removed",
        "/circles/{circle}/unreached",
    ):
        assert browser.get(path.format(**long) + "?page=2&q=Lid").status_code in {403, 404}, path
    assert browser.get(f"/livestreams/{long['live']}/registrations?page=2").status_code in {403, 404}
