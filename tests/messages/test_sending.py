"""Writing, testing and sending a message: rights, counts, limits, and what arrives."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from events.accounts.actions.profile import switch_mail
from events.accounts.models import PersonalKey, User
from events.circles.models import Circle
from events.circles.queries.circles import find_membership
from events.core import clock
from events.core.auth.actor import SYSTEM
from events.core.db.session import unit_of_work
from events.core.mail.mailings import count_mailings
from events.livestreams.models import Livestream
from events.messages.actions import sweep_messages
from events.messages.models import Message, MessageRecipient
from events.messages.rules import KEEP_DRAFTS, MAX_PER_DAY
from events.rounds.models import Round
from tests.factories.accounts import make_user
from tests.factories.circles import make_circle, make_member
from tests.factories.livestreams import make_livestream
from tests.factories.messages import make_message
from tests.factories.registrations import make_registration
from tests.factories.rounds import make_round, make_round_of_its_own, make_yes
from tests.messages.conftest import Evening
from tests.replies.conftest import Mailbox
from tests.replies.test_passing import answer_to
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.mail_assertions import addresses, html_of, mails_to, path_in, text_of
from tests.support.types import OpenPage, Outbox, SetClock

pytestmark = pytest.mark.postgres
WORDS = {"subject": "Neem een vraag mee", "body": "Wat wil je **weten**?\n\n- geld\n- tijd"}


def write(page: PageClient, path: str, audience: str = "registered", **more: str) -> str:
    """The address of the draft's page."""
    answer = page.post(path, audience=audience, **{**WORDS, **more})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def announced(cast: Cast, *people: User, audience: str = "members") -> Livestream:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, audience=audience)
        for person in people:
            make_registration(db, livestream, person)
    return livestream


def send(page: PageClient, draft: str, count: int) -> str:
    """What the page then says."""
    answer = page.post(f"{draft}/send", count=str(count))
    assert answer.status_code == 303
    return page.get(answer.location).text


def stored(draft: str) -> Message:
    with unit_of_work() as db:
        return db.get_one(Message, draft.rpartition("/")[2])


def test_a_message_reaches_who_registered_and_nobody_who_registers_later(
    cast: Cast, page: OpenPage, fresh: Outbox
) -> None:
    livestream = announced(cast, cast.bram, cast.dana)
    anna = page(cast.anna)
    form = anna.get(f"/livestreams/{livestream.slug}/messages").text
    assert "Everyone who registered · 2" in form
    draft = write(anna, f"/livestreams/{livestream.slug}/messages")
    assert "Everyone who registered: 2 people get this." in anna.get(draft).text
    assert fresh() == []
    assert "Sent to 2 people." in send(anna, draft, 2)
    with unit_of_work() as db:
        make_registration(db, db.merge(livestream), cast.chris)
        assert count_mailings(db, cast.circle.id) == 1
    sent = fresh()
    assert addresses(sent) == sorted([cast.bram.email, cast.dana.email])
    (mail,) = mails_to(sent, cast.bram)
    assert mail["Subject"] == "Neem een vraag mee"
    assert str(mail["From"]).startswith("Bedrijvenkring Demo via Ontmoet")
    assert "<strong>weten</strong>" in html_of(mail)
    assert "- geld\n- tijd" in text_of(mail)
    assert "because you registered for ‘Offertes die een ja krijgen’" in text_of(mail)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    send(anna, draft, 2)  # once only
    assert fresh() == []


def test_a_message_to_the_waiting_list_drops_who_has_a_place_by_then(
    cast: Cast, page: OpenPage, fresh: Outbox
) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, capacity=1)
        make_registration(db, livestream, cast.dana)
        make_registration(db, livestream, cast.bram, state="waiting")
        moving_up = make_registration(db, livestream, cast.chris, state="offered")
    anna = page(cast.anna)
    draft = write(anna, f"/livestreams/{livestream.slug}/messages", "waiting")
    assert "Everyone on the waiting list: 2 people get this." in anna.get(draft).text
    send(anna, draft, 2)
    with unit_of_work() as db:
        db.merge(moving_up).state = "coming"
    (mail,) = fresh()
    assert mails_to([mail], cast.bram)
    assert "because you are on the waiting list for ‘Offertes die een ja krijgen’" in text_of(mail)


@pytest.mark.usefixtures("dutch")
def test_the_frame_of_the_mail_is_in_the_language_of_its_reader(
    cast: Cast, page: OpenPage, fresh: Outbox
) -> None:
    with unit_of_work() as db:
        db.get_one(User, cast.bram.id).locale = "nl"
    livestream = announced(cast, cast.bram)
    anna = page(cast.anna)
    send(anna, write(anna, f"/livestreams/{livestream.slug}/messages"), 1)
    (mail,) = fresh()
    assert "Anna, namens het team van Bedrijvenkring Demo" in text_of(mail)
    assert "Geen mails van deze soort meer" in html_of(mail)


def test_one_click_switches_messages_off_and_a_waiting_one_is_dropped(
    cast: Cast, page: OpenPage, fresh: Outbox
) -> None:
    livestream = announced(cast, cast.bram)
    anna = page(cast.anna)
    path = f"/livestreams/{livestream.slug}/messages"
    send(anna, write(anna, path), 1)
    (mail,) = fresh()
    assert page(None).post(path_in(mail, "/unsubscribe/")).status_code == 200
    assert "Everyone who registered · 0" in anna.get(path).text
    assert "There is nobody to send this to." in send(anna, write(anna, path), 1)
    with unit_of_work() as db:
        switch_mail(db, SYSTEM, cast.bram.id, "circle_message", on=True)
    draft = write(anna, path)
    send(anna, draft, 1)
    with unit_of_work() as db:
        switch_mail(db, SYSTEM, cast.bram.id, "circle_message", on=False)
    assert fresh() == []


def test_a_test_goes_to_its_writer_alone_and_counts_for_nothing(
    cast: Cast, page: OpenPage, fresh: Outbox
) -> None:
    livestream = announced(cast, cast.bram)
    anna = page(cast.anna)
    draft = write(anna, f"/livestreams/{livestream.slug}/messages")
    assert anna.post(f"{draft}/test").status_code == 303
    (mail,) = fresh()
    assert mails_to([mail], cast.anna)
    assert mail["Subject"] == "Test: Neem een vraag mee"
    assert stored(draft).sent_at is None
    with unit_of_work() as db:
        assert count_mailings(db, cast.circle.id) == 0
        switch_mail(db, SYSTEM, cast.anna.id, "circle_message", on=False)
    assert "so a test" in anna.get(anna.post(f"{draft}/test").location).text
    assert fresh() == []


def test_the_preview_is_the_mail_in_a_frame_without_keys_and_without_scripts(
    cast: Cast, page: OpenPage
) -> None:
    livestream = announced(cast, cast.bram)
    anna = page(cast.anna)
    draft = write(
        anna, f"/livestreams/{livestream.slug}/messages", body="<script>x</script> [uit](javascript:x)"
    )
    shown = anna.get(draft)
    assert "frame-src 'self'" in shown.headers["Content-Security-Policy"]
    assert shown.text.count(f'<iframe src="{draft}/mail"') == 2
    mail = anna.get(f"{draft}/mail")
    rules = mail.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in rules
    assert rules.endswith("sandbox")
    assert "Anna, for the team of Bedrijvenkring Demo" in mail.text
    assert "<script" not in mail.text
    assert 'href="javascript' not in mail.text
    assert "/k/" not in mail.text
    with unit_of_work() as db:
        assert db.scalar(select(func.count(PersonalKey.id))) == 0


def test_who_sends_a_draft_of_another_is_named_in_test_and_mail(
    cast: Cast, page: OpenPage, fresh: Outbox
) -> None:
    draft = write(page(cast.anna), f"/circles/{cast.circle.slug}/messages", "circle")
    with unit_of_work() as db:
        membership = find_membership(db, cast.chris.id, cast.circle.id)
        assert membership is not None
        membership.role = "organiser"
    chris = page(cast.chris)
    assert "Chris, for the team of" in chris.get(f"{draft}/mail").text
    chris.post(f"{draft}/test")
    (test,) = fresh()
    assert "Chris, for the team of" in text_of(test)
    send(chris, draft, 3)
    (mail,) = mails_to(fresh(), cast.bram)
    assert "Chris, for the team of" in text_of(mail)
    log = page(cast.anna).get(f"/circles/{cast.circle.slug}/messages").text
    assert re.search(r"· Chris ·\s+3 people", log)


def test_another_number_than_the_one_named_sends_nothing(cast: Cast, page: OpenPage, fresh: Outbox) -> None:
    livestream = announced(cast, cast.bram)
    anna = page(cast.anna)
    draft = write(anna, f"/livestreams/{livestream.slug}/messages")
    with unit_of_work() as db:
        make_registration(db, db.merge(livestream), cast.dana)
    assert "It has become 2" in send(anna, draft, 1)
    assert fresh() == []
    assert "Sent to 2 people." in send(anna, draft, 2)


def test_a_circle_sends_a_few_a_day_and_keeps_the_next(
    cast: Cast, page: OpenPage, set_clock: SetClock, fresh: Outbox
) -> None:
    anna = page(cast.anna)
    path = f"/circles/{cast.circle.slug}/messages"
    for _ in range(MAX_PER_DAY):
        assert "Sent to 3 people." in send(anna, write(anna, path, "circle"), 3)
    draft = write(anna, path, "circle")
    assert f"sent {MAX_PER_DAY} messages in the last 24 hours" in send(anna, draft, 3)
    assert stored(draft).sent_at is None
    assert len(mails_to(fresh(), cast.bram)) == 1  # one a day; the others wait
    set_clock(timedelta(days=1, minutes=1))
    assert "Sent to 3 people." in send(anna, draft, 3)


def test_strangers_members_and_other_organisers_are_kept_out(
    cast: Cast, page: OpenPage, fresh: Outbox
) -> None:
    livestream = announced(cast, cast.bram, cast.dana, audience="public")
    with unit_of_work() as db:
        make_circle(db, owner=db.merge(cast.olga), name="Andere kring")
        draft = f"/messages/{make_message(db, cast.circle, cast.anna, livestream=livestream).id}"
    for person in (cast.olga, cast.bram):
        other = page(person)
        for path in (f"/livestreams/{livestream.slug}/messages", f"/circles/{cast.circle.slug}/messages"):
            assert other.get(path).status_code == 404
            assert other.post(path, audience="circle", **WORDS).status_code == 404
        for path in (draft, f"{draft}/mail", f"{draft}/edit"):
            assert other.get(path).status_code == 404
        for act in ("test", "send", "discard", "edit"):
            fields = (
                {"count": "3"} if act == "send" else {"audience": "circle", **WORDS} if act == "edit" else {}
            )
            assert other.post(f"{draft}/{act}", **fields).status_code == 404
    assert stored(draft).sent_at is None
    assert fresh() == []


def test_a_host_writes_to_who_registered_and_not_to_the_circle(
    cast: Cast, page: OpenPage, fresh: Outbox
) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.chris)
        make_registration(db, livestream, cast.bram)
    chris = page(cast.chris)
    path = f"/livestreams/{livestream.slug}/messages"
    assert "The whole circle" not in chris.get(path).text
    assert chris.post(path, audience="circle", **WORDS).status_code == 404
    assert "Sent to 1 person." in send(chris, write(chris, path), 1)
    assert addresses(fresh()) == [cast.bram.email]


@pytest.mark.usefixtures("dutch")
def test_three_more_days_extends_the_round_when_sent(cast: Cast, page: OpenPage, fresh: Outbox) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="ended")
        round_ = make_round(db, livestream)
        make_yes(db, round_, cast.bram)
        closes_at = round_.closes_at
    fresh()
    anna = page(cast.anna)
    path = f"/livestreams/{livestream.slug}/messages?preset=three_days"
    shown = anna.get(path).text
    subject = re.search(r'name="subject"[^>]*?value="([^"]*)"', shown, re.DOTALL)
    assert subject is not None
    assert subject[1] == "Nog drie dagen om ja te zeggen tegen een koffie"  # the circle's language
    draft = write(anna, path, "undecided", preset="three_days")
    assert "Sending it keeps the coffee round open until" in anna.get(draft).text
    assert "Sent to 2 people." in send(anna, draft, 2)
    with unit_of_work() as db:
        assert db.get_one(Round, round_.id).closes_at.date() == (closes_at + timedelta(days=3)).date()
    got = [mail for mail in fresh() if mail["Subject"] == WORDS["subject"]]
    assert addresses(got) == sorted([cast.chris.email, cast.dana.email])


def test_the_button_of_a_round_without_a_livestream_leads_to_its_yes(
    cast: Cast, page: OpenPage, fresh: Outbox
) -> None:
    with unit_of_work() as db:
        round_ = make_round_of_its_own(db, cast.circle)
    anna = page(cast.anna)
    path = f"/circles/{cast.circle.slug}/messages"
    send(anna, write(anna, path, "undecided", preset="three_days"), 3)
    (mail,) = [one for one in mails_to(fresh(), cast.bram) if one["Subject"] == WORDS["subject"]]
    assert "Yes, coffee" in html_of(mail)
    opened = page(None).get(path_in(mail, "/k/"))
    assert opened.location.endswith(f"/rounds/{round_.id}/coffee")


def test_three_more_days_sends_nothing_once_the_round_has_closed(
    cast: Cast, page: OpenPage, fresh: Outbox
) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="ended")
        round_ = make_round(db, livestream)
    anna = page(cast.anna)
    draft = write(anna, f"/livestreams/{livestream.slug}/messages", "circle", preset="three_days")
    with unit_of_work() as db:
        db.get_one(Round, round_.id).state = "published"
    assert "can't stay open any longer" in send(anna, draft, 3)
    assert stored(draft).sent_at is None
    assert fresh() == []


def test_words_from_before_a_cancelled_livestream_do_not_arrive_after_it(
    cast: Cast, page: OpenPage, set_clock: SetClock, fresh: Outbox
) -> None:
    livestream = announced(cast, cast.bram)
    anna = page(cast.anna)
    send(anna, write(anna, f"/livestreams/{livestream.slug}/messages"), 1)
    set_clock(timedelta(seconds=1))
    with unit_of_work() as db:
        gone = db.get_one(Livestream, livestream.id)
        gone.state, gone.cancelled_at = "cancelled", clock.now()
    assert fresh() == []


def test_at_night_a_message_waits_for_the_morning_unless_people_gather(
    cast: Cast, page: OpenPage, set_clock: SetClock, fresh: Outbox
) -> None:
    set_clock(datetime(2026, 12, 1, 22, tzinfo=UTC))
    livestream, anna = announced(cast, cast.bram), page(cast.anna)
    path = f"/livestreams/{livestream.slug}/messages"
    send(anna, write(anna, path), 1)
    assert fresh() == []
    with unit_of_work() as db:
        db.get_one(Livestream, livestream.id).state = "lobby"
    send(anna, write(anna, path, subject="We zijn er"), 1)
    assert [mail["Subject"] for mail in fresh()] == ["We zijn er"]
    set_clock(datetime(2026, 12, 2, 8, tzinfo=UTC))
    assert [mail["Subject"] for mail in fresh()] == [WORDS["subject"]]


def test_who_was_banned_after_the_sending_gets_nothing(cast: Cast, page: OpenPage, fresh: Outbox) -> None:
    anna = page(cast.anna)
    send(anna, write(anna, f"/circles/{cast.circle.slug}/messages", "circle"), 3)
    anna.post(f"/circles/{cast.circle.slug}/members/{cast.bram.id}/remove", ban="1")
    got = [mail for mail in fresh() if mail["Subject"] == WORDS["subject"]]
    assert addresses(got) == sorted([cast.chris.email, cast.dana.email])


def test_an_answer_reaches_the_team_without_an_address(
    cast: Cast, page: OpenPage, fresh: Outbox, mailbox: Mailbox
) -> None:
    anna = page(cast.anna)
    send(anna, write(anna, f"/circles/{cast.circle.slug}/messages", "circle"), 3)
    (mail,) = mails_to(fresh(), cast.bram)
    mailbox.put(answer_to(mail, "Ik neem er een mee."))
    assert mailbox.read() == ["passed_on"]
    (reached,) = fresh()
    assert mails_to([reached], cast.anna)
    assert "Ik neem er een mee." in text_of(reached)
    assert "bram@" not in reached.as_string()


def test_a_draft_changes_and_goes_and_what_was_sent_stays(cast: Cast, page: OpenPage, fresh: Outbox) -> None:
    anna = page(cast.anna)
    path = f"/circles/{cast.circle.slug}/messages"
    draft = write(anna, path, "circle")
    assert anna.post(f"{draft}/edit", audience="circle", subject="Anders", body="Kort").location == draft
    assert stored(draft).subject == "Anders"
    assert "Draft of Anna, not sent" in anna.get(path).text
    assert anna.post(f"{draft}/discard").status_code == 303
    assert "Anders" not in anna.get(path).text.partition("<main")[2].replace("The draft", "")
    sent = write(anna, path, "circle")
    send(anna, sent, 3)
    anna.post(f"{sent}/discard")
    anna.post(f"{sent}/edit", audience="circle", subject="Achteraf", body="Kort")
    assert stored(sent).subject == WORDS["subject"]
    assert "3 people" in anna.get(path).text


def test_invisible_words_are_refused(cast: Cast, page: OpenPage) -> None:
    answer = page(cast.anna).post(
        f"/circles/{cast.circle.slug}/messages", audience="circle", subject="Hallo", body="\u200b\u200b"
    )
    assert answer.status_code == 422


def test_old_drafts_and_lists_of_recipients_are_forgotten(
    cast: Cast, page: OpenPage, set_clock: SetClock
) -> None:
    anna = page(cast.anna)
    path = f"/circles/{cast.circle.slug}/messages"
    sent, draft = write(anna, path, "circle"), write(anna, path, "circle")
    send(anna, sent, 3)
    set_clock(KEEP_DRAFTS + timedelta(days=1))
    with unit_of_work() as db:
        assert db.scalar(select(func.count()).select_from(MessageRecipient)) == 3
        sweep_messages(db, SYSTEM)
    with unit_of_work() as db:
        assert db.scalar(select(func.count()).select_from(MessageRecipient)) == 0
        assert [one.id for one in db.scalars(select(Message))] == [sent.rpartition("/")[2]]
        assert db.get(Message, draft.rpartition("/")[2]) is None


def test_the_page_of_an_ended_evening_counts_who_came_and_missed(
    cast: Cast, page: OpenPage, evening: Evening
) -> None:
    text = page(cast.anna).get(f"/livestreams/{evening.livestream.slug}/messages").text
    for words in ("Who came · 2", "Registered but missed it · 1", "Members who didn&#39;t register · 1"):
        assert words in text


def test_a_newcomer_to_another_circle_is_no_recipient(cast: Cast, page: OpenPage, fresh: Outbox) -> None:
    with unit_of_work() as db:
        other: Circle = make_circle(db, owner=make_user(db, "Eva"), name="Elders")
        make_member(db, other, db.merge(cast.olga))
    anna = page(cast.anna)
    send(anna, write(anna, f"/circles/{cast.circle.slug}/messages", "circle"), 3)
    assert cast.olga.email not in addresses(fresh())


def test_a_host_finds_no_button_that_sends_a_draft_to_members(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.bram)
        make_registration(db, livestream, cast.dana)
    path = f"/livestreams/{livestream.slug}/messages"
    for audience, sends in (("circle", False), ("registered", True)):
        draft = write(page(cast.anna), path, audience)
        assert f'action="{draft}/send"' in page(cast.anna).get(draft).text
        assert (f'action="{draft}/send"' in page(cast.bram).get(draft).text) is sends
