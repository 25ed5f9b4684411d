"""The mail of an invitation as the team sees it beforehand, with a line of its own."""

import re

import pytest
from sqlalchemy import func, select

from events.circles.models import Circle, Invitation
from events.core.db.session import unit_of_work
from tests.support.cast import Cast
from tests.support.mail_assertions import html_of
from tests.support.types import OpenPage, Outbox

LINE = "We beginnen op 3 december, met taart."


def here(cast: Cast, path: str = "") -> str:
    return f"/circles/{cast.circle.slug}{path}"


def read(html: str) -> list[str]:
    """The words of a mail, without links and what stands above the preview."""
    words = re.sub(r"<style>.*?</style>|<title>.*?</title>", "", html, flags=re.DOTALL)
    return re.sub(r"<[^>]+>", " ", words).split()


def test_the_preview_is_the_mail_that_arrives(page: OpenPage, cast: Cast, outbox: Outbox) -> None:
    anna = page(cast.anna)
    anna.post(here(cast, "/invitation-mail"), line=LINE)
    shown = anna.get(here(cast, "/invitation-mail/nl")).text
    anna.post(here(cast, "/import"), people="Eva; eva@example.test", step="send")
    (mail,) = outbox()
    sent = html_of(mail)
    assert LINE in sent
    assert str(mail["Subject"]) in shown
    above = len(read(shown)) - len(read(sent))
    assert above > 0
    start = shown.index('<div style="display:none;')
    assert read(shown[start:]) == read(sent[sent.index('<div style="display:none;') :])
    assert "/k/" not in shown


@pytest.mark.usefixtures("dutch")
@pytest.mark.parametrize(("language", "words"), [("nl", "Het team schrijft:"), ("en", "The team writes:")])
def test_both_languages_can_be_seen(page: OpenPage, cast: Cast, language: str, words: str) -> None:
    anna = page(cast.anna)
    before = anna.get(here(cast, f"/invitation-mail/{language}")).text
    assert words not in before
    anna.post(here(cast, "/invitation-mail"), line=LINE)
    answer = anna.get(here(cast, f"/invitation-mail/{language}"))
    assert (words in answer.text, LINE in answer.text, f'lang="{language}"' in answer.text) == (True,) * 3
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert anna.get(here(cast, "/invitation-mail/fr")).status_code == 404


def test_the_line_is_kept_for_the_next_list_and_shown_before_it_is_sent(
    page: OpenPage, cast: Cast, outbox: Outbox
) -> None:
    anna, path = page(cast.anna), here(cast, "/import")
    shown = anna.post(path, people="Eva; eva@example.test").text
    assert here(cast, "/invitation-mail/nl") in shown
    early = anna.post(path, people="Eva; eva@example.test", step="send", line=LINE, line_shown="1")
    assert "Nothing was sent: look once more." in early.text
    assert outbox() == []
    anna.post(path, people="Eva; eva@example.test", step="send", line=LINE, line_shown="1")
    assert LINE in html_of(outbox()[0])
    assert f'value="{LINE}"' in anna.post(path, people="Faas; faas@example.test").text
    anna.post(path, people="Faas; faas@example.test", line_shown="1")
    with unit_of_work() as db:
        assert db.get_one(Circle, cast.circle.id).invitation_line == ""


@pytest.mark.parametrize(
    "line",
    ["Zie www.x.test", "https://x.test", "Mail anna@x.test", "Kijk op x.nl", "Bel 06 1234 5678", "x" * 141],
)
def test_a_line_with_a_link_an_address_or_a_number_is_refused(page: OpenPage, cast: Cast, line: str) -> None:
    anna = page(cast.anna)
    assert anna.post(here(cast, "/invitation-mail"), line=line).status_code == 422
    answer = anna.post(
        here(cast, "/import"), people="Eva; eva@example.test", step="send", line=line, line_shown="1"
    )
    assert answer.status_code == 422
    assert 'name="line"' in answer.text
    with unit_of_work() as db:
        assert db.get_one(Circle, cast.circle.id).invitation_line == ""
        assert db.scalar(select(func.count(Invitation.id))) == 0


@pytest.mark.parametrize(
    "line", ["Op 3 december 2026 om 20.00 uur", "Wij zijn met 120. Kom erbij", "Groet, B. de V."]
)
def test_ordinary_lines_are_taken(page: OpenPage, cast: Cast, line: str) -> None:
    assert page(cast.anna).post(here(cast, "/invitation-mail"), line=line).status_code == 303


def test_only_the_team_sees_and_changes_the_mail(page: OpenPage, cast: Cast) -> None:
    for someone in (cast.bram, cast.olga):
        person = page(someone)
        assert person.get(here(cast, "/invitation-mail")).status_code == 404
        assert person.get(here(cast, "/invitation-mail/nl")).status_code == 404
        assert person.post(here(cast, "/invitation-mail"), line=LINE).status_code == 404
