"""Import of a member list: preview, corrections and one welcome mail per person."""

import re
from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
from sqlalchemy import func, select

from events.accounts.models import User
from events.circles.forms.importing import decode, read_people
from events.circles.models import Circle, CircleBan, Invitation, Membership
from events.circles.rules import MAX_IMPORTED, MAX_INVITATIONS_WHILE_NEW
from events.core import clock
from events.core.db.session import unit_of_work
from events.core.errors import Invalid
from tests.factories.accounts import make_user
from tests.factories.circles import make_invitation
from tests.support.cast import Cast
from tests.support.mail_assertions import addresses, path_in
from tests.support.types import OpenPage, Outbox

LIST = """Naam;E-mailadres;Bedrijf
Eva de Wit;eva@example.test;De Wit Bouw
Faas;faas@example
Eva;EVA@example.test"""


def rows(model: type[Invitation] | type[Membership]) -> int:
    with unit_of_work() as db:
        return db.scalar(select(func.count(model.id))) or 0


def test_the_preview_shows_every_line_and_sends_nothing(page: OpenPage, cast: Cast, outbox: Outbox) -> None:
    shown = page(cast.anna).post(f"/circles/{cast.circle.slug}/import", people=LIST)
    assert shown.status_code == 200
    assert "Eva de Wit" in shown.text
    assert "De Wit Bouw" in shown.text
    assert ("Line 3" in shown.text, "Line 4" in shown.text) == (True, True)
    assert "Send 1 invitation" in shown.text
    assert rows(Invitation) == 0
    assert outbox() == []


def test_sending_invites_valid_entries_and_keeps_the_rest(page: OpenPage, cast: Cast, outbox: Outbox) -> None:
    people = f"{LIST}\nBram;{cast.bram.email};"
    answer = page(cast.anna).post(f"/circles/{cast.circle.slug}/import", people=people, step="send")
    assert "1 person gets a welcome mail" in answer.text
    assert "1 is a member already" in answer.text
    assert "Faas, faas@example</textarea>" in answer.text.replace("\nEva, EVA@example.test", "")
    assert addresses(outbox()) == ["eva@example.test"]
    with unit_of_work() as db:
        eva = db.scalars(select(User).where(User.email == "eva@example.test")).one()
        assert (eva.name, eva.company, eva.confirmed_at) == ("Eva de Wit", "De Wit Bouw", None)


def test_the_preview_counts_only_people_whom_an_invitation_would_reach(page: OpenPage, cast: Cast) -> None:
    """Members, people invited before and people who were removed are counted apart."""
    with unit_of_work() as db:
        make_invitation(db, cast.circle, cast.olga, invited_by=cast.anna)
        removed, elsewhere = make_user(db, "Gea"), make_user(db, "Elders")
        db.add(CircleBan(circle_id=cast.circle.id, user_id=removed.id, created_at=clock.now()))
    everybody = (cast.bram, cast.chris, cast.olga, removed, elsewhere)
    people = "\n".join(f"{one.name};{one.email.upper()};" for one in everybody)
    anna = page(cast.anna)
    shown = anna.post(f"/circles/{cast.circle.slug}/import", people=people).text
    assert "1 person can be invited" in shown
    assert "Send 1 invitation" in shown
    assert f"<td>{elsewhere.email}</td>" in shown
    assert f"<td>{cast.bram.email}</td>" not in shown
    for count in ("1 was invited before.", "2 are members already.", "1 was removed from the circle"):
        assert count in shown
    nobody = anna.post(f"/circles/{cast.circle.slug}/import", people=f"Bram;{cast.bram.email};").text
    assert "Nobody on this list is new." in nobody
    assert "can be invited" not in nobody
    assert 'value="send"' not in nobody


def test_people_who_are_known_do_not_count_against_the_invitations_of_a_day(
    page: OpenPage, cast: Cast
) -> None:
    with unit_of_work() as db:
        db.get_one(Circle, cast.circle.id).created_at = clock.now()
    new = [f"Nieuw {number};nieuw{number}@example.test;" for number in range(MAX_INVITATIONS_WHILE_NEW)]
    people = "\n".join([*new, f"Bram;{cast.bram.email};", f"Chris;{cast.chris.email};"])
    shown = page(cast.anna).post(f"/circles/{cast.circle.slug}/import", people=people, step="send").text
    assert f"{MAX_INVITATIONS_WHILE_NEW} people get a welcome mail" in shown


def test_the_welcome_mail_opens_the_circle_without_a_sign_in_form(
    page: OpenPage, cast: Cast, outbox: Outbox
) -> None:
    """Mail scanners follow the link too: only the button makes a member."""
    page(cast.anna).post(f"/circles/{cast.circle.slug}/import", people="Eva; eva@example.test", step="send")
    (mail,) = outbox()
    link, before, eva = path_in(mail, "/k/"), rows(Membership), page()
    assert eva.get(link).status_code == 200
    assert eva.client.head(link).status_code == 200
    assert rows(Membership) == before
    entered = eva.post(link)
    assert entered.headers["Location"] == f"/circles/{cast.circle.slug}/welcome"
    assert rows(Membership) == before + 1
    assert eva.get(f"/circles/{cast.circle.slug}/members").status_code == 200
    assert page().get(link).status_code == 404  # one-use link


def test_only_the_team_invites(page: OpenPage, cast: Cast) -> None:
    for someone in (cast.bram, cast.olga):
        assert page(someone).get(f"/circles/{cast.circle.slug}/import").status_code == 404
        answer = page(someone).post(f"/circles/{cast.circle.slug}/import", people=LIST, step="send")
        assert answer.status_code == 404
    assert rows(Invitation) == 0


def test_an_uploaded_file_replaces_the_field(page: OpenPage, cast: Cast) -> None:
    file = (BytesIO("Naam;E-mail\nRenée;renee@example.test\n".encode("cp1252")), "leden.csv")
    shown = page(cast.anna).post(f"/circles/{cast.circle.slug}/import", people="x", file=file)
    assert "Renée" in shown.text
    assert "renee@example.test</textarea>" in shown.text.replace("\n</textarea>", "</textarea>")


@pytest.mark.parametrize("count", [MAX_INVITATIONS_WHILE_NEW, MAX_INVITATIONS_WHILE_NEW + 1])
def test_a_new_circle_has_a_daily_invitation_limit(page: OpenPage, cast: Cast, count: int) -> None:
    people = "\n".join(f"n{number}@example.test" for number in range(count))
    answer = page(cast.anna).post(f"/circles/{cast.circle.slug}/import", people=people, step="send")
    allowed = count == MAX_INVITATIONS_WHILE_NEW
    assert answer.status_code == (200 if allowed else 422)
    assert rows(Invitation) == (count if allowed else 0)
    if not allowed:
        assert f"can invite {MAX_INVITATIONS_WHILE_NEW} people" in answer.text
        assert "n0@example.test" in answer.text  # the input is kept


def test_an_older_circle_has_a_higher_invitation_limit(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        db.get_one(Circle, cast.circle.id).created_at = clock.now() - timedelta(days=30)
        db.get_one(User, cast.anna.id).created_at = clock.now() - timedelta(days=30)
    people = "\n".join(f"n{number}@example.test" for number in range(MAX_INVITATIONS_WHILE_NEW + 1))
    answer = page(cast.anna).post(f"/circles/{cast.circle.slug}/import", people=people, step="send")
    assert answer.status_code == 200
    assert rows(Invitation) == MAX_INVITATIONS_WHILE_NEW + 1


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Bram;bram@x.test;Bouw", ("Bram", "bram@x.test", "Bouw")),
        ("bram@x.test\tBram\tBouw", ("Bram", "bram@x.test", "Bouw")),
        ('"Vries, Bram de",bram@x.test,"Bouw, B.V."', ("Vries, Bram de", "bram@x.test", "Bouw, B.V.")),
        ("BRAM@X.test", ("bram", "bram@x.test", "")),
        ("Bram de Vries <bram@x.test>", ("Bram de Vries", "bram@x.test", "")),
        ("voornaam,achternaam,email,tel\nBram,de Vries,bram@x.test,06", ("Bram de Vries", "bram@x.test", "")),
        ("Company,E-mail,Name\nBouw,bram@x.test,Bram", ("Bram", "bram@x.test", "Bouw")),
    ],
)
def test_lists_are_parsed_as_people_keep_them(text: str, read: tuple[str, str, str]) -> None:
    (one,) = read_people(text)
    assert ((one.name, one.email, one.company), one.problem) == (read, "")


@pytest.mark.parametrize("text", ["Naam;E-mail", "\n\n;;\n"])
def test_a_list_without_people_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_people(text)


def test_a_list_that_is_too_long_is_refused() -> None:
    assert len(read_people("\n".join(f"n{number}@x.test" for number in range(MAX_IMPORTED)))) == MAX_IMPORTED
    with pytest.raises(Invalid):
        read_people("\n".join(f"n{number}@x.test" for number in range(MAX_IMPORTED + 1)))


def test_an_unclosed_quote_affects_its_own_line_only() -> None:
    first, second = read_people('"Bram;bram@x.test\nDana;dana@x.test')
    assert first.problem == "no_address" or first.email == "bram@x.test"
    assert (second.name, second.email) == ("Dana", "dana@x.test")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_files_of_every_encoding_are_read(encoding: str) -> None:
    assert decode("Renée;renee@x.test".encode(encoding)) == "Renée;renee@x.test"


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([0-9a-f]+)"', html)
    assert found is not None
    return found[1]


def test_a_column_can_be_changed_before_anything_is_sent(page: OpenPage, cast: Cast, outbox: Outbox) -> None:
    """Without headings the detected columns are shown, and only the preview is sent."""
    anna, path = page(cast.anna), f"/circles/{cast.circle.slug}/import"
    text = "De Wit Bouw;eva@example.test;Eva de Wit"
    looked = anna.post(path, people=text).text
    assert looked.count('name="columns"') == 3
    assert "this is a guess" in looked
    columns = ["company", "email", "name"]
    shown = {"people": text, "seen": hidden(looked, "seen"), "columns": columns}
    early = anna.post(path, step="send", looked=hidden(looked, "looked"), **shown)
    assert "Nothing was sent: look once more." in early.text
    assert (rows(Invitation), outbox()) == (0, [])
    assert "<td>Eva de Wit</td>" in early.text.replace("<bdi>", "").replace("</bdi>", "")
    sent = anna.post(path, step="send", looked=hidden(early.text, "looked"), **shown)
    assert "1 person gets a welcome mail" in sent.text
    assert "Plan a livestream" in sent.text
    with unit_of_work() as db:
        eva = db.scalars(select(User).where(User.email == "eva@example.test")).one()
        assert (eva.name, eva.company) == ("Eva de Wit", "De Wit Bouw")


def test_a_list_other_than_the_preview_is_not_sent(page: OpenPage, cast: Cast, outbox: Outbox) -> None:
    anna, path = page(cast.anna), f"/circles/{cast.circle.slug}/import"
    looked = hidden(anna.post(path, people="Eva; eva@example.test").text, "looked")
    answer = anna.post(
        path, people="Eva; eva@example.test\nFaas; faas@example.test", step="send", looked=looked
    )
    assert "Nothing was sent: look once more." in answer.text
    assert (rows(Invitation), outbox()) == (0, [])


def test_a_corrected_line_keeps_its_headings(page: OpenPage, cast: Cast, outbox: Outbox) -> None:
    anna, path = page(cast.anna), f"/circles/{cast.circle.slug}/import"
    text = "Voornaam;Achternaam;E-mail;Bedrijf\nEva;de Wit;eva@example;Bouw\nFaas;Smit;faas@example.test;"
    again = anna.post(path, people=text, step="send").text
    left = unescape(again.partition("<textarea")[2].partition(">")[2].partition("</textarea>")[0]).strip()
    anna.post(path, people=left.replace("eva@example", "eva@example.test"), step="send")
    with unit_of_work() as db:
        eva = db.scalars(select(User).where(User.email == "eva@example.test")).one()
        assert (eva.name, eva.company) == ("Eva de Wit", "Bouw")
