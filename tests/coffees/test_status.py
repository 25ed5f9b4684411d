"""Tests of the sentence of a coffee's status: every state and role, in English and Dutch, in one table."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from flask import Flask, render_template_string
from flask_babel import force_locale

from events.coffees.models import Coffee, Seat
from events.coffees.queries.coffee_page import Card, summary_card_of
from events.coffees.status import (
    STATUS_TABLE,
    CoffeeStatus,
    Fact,
    PrimaryAction,
    StatusSentence,
    primary_action_for,
)
from events.coffees.views.status_badges import BADGES
from events.core import clock
from events.core.auth.actor import Actor
from events.core.web.templates import use_locale_of
from tests.support.cast import Cast
from tests.support.types import SetClock

ROUND = "0" * 26
PAGE = '{% import "coffees/_status_sentences.html" as sentences %}{{ sentences[card.sentence](card) }}'
Case = tuple[str, Mapping[str, object]]
CASES: dict[str, Case] = {
    "asked by a round, pair": ("proposed", {}),
    "asked by a round, trio": ("proposed", {"trio": True}),
    "invited, pair": ("proposed", {"invited": True}),
    "invited, trio": ("proposed", {"invited": True, "trio": True}),
    "asked, time has come": ("proposed", {"days": 0}),
    "accepted, pair": ("proposed", {"own": "yes"}),
    "accepted, trio": ("proposed", {"own": "yes", "trio": True}),
    "accepts a replacement, pair": ("proposed", {"own": "yes", "replacement": True}),
    "accepts a replacement, trio": ("proposed", {"own": "yes", "replacement": True, "trio": True}),
    "declines, can be undone": ("proposed", {"own": "yes", "leaves": True}),
    "declined by the reader": ("declined", {"own": "no"}),
    "declined by the reader, the others go on": ("confirmed", {"own": "no", "trio": True}),
    "confirmed, pair": ("confirmed", {"own": "yes"}),
    "confirmed, trio": ("confirmed", {"own": "yes", "trio": True}),
    "under way": ("confirmed", {"own": "yes", "days": 0}),
    "over": ("confirmed", {"own": "yes", "days": -1}),
    "over, reported by the reader": ("confirmed", {"own": "yes", "days": -1, "took_place": True}),
    "closed without a report": ("confirmed", {"own": "yes", "days": -9, "closed": True}),
    "closed with a report of the reader": (
        "confirmed",
        {"own": "yes", "days": -9, "closed": True, "took_place": True},
    ),
    "met, pair": ("met", {"own": "yes", "days": -1, "took_place": True}),
    "met, pair, not reported by the reader": ("met", {"own": "yes", "days": -1}),
    "met, trio": ("met", {"own": "yes", "days": -1, "trio": True}),
    "met and again, pair": ("met", {"own": "yes", "days": -1, "again": True}),
    "met and again, trio": ("met", {"own": "yes", "days": -1, "again": True, "trio": True}),
    "missed, pair": ("missed", {"own": "yes", "days": -1, "took_place": False}),
    "missed, trio": ("missed", {"own": "yes", "days": -1, "took_place": False, "trio": True}),
    "declined by another, news to come": ("declined", {"own": "yes"}),
    "declined by another, invited": ("declined", {"own": "yes", "invited": True}),
    "declined by another, long ago": ("declined", {"own": "yes", "closed_days": -3}),
    "cancelled": ("cancelled", {"own": "yes"}),
    "handed on by oneself": ("cancelled", {"own": "no", "handed": True}),
    "handed on by the other": ("declined", {"own": "yes", "handed": True}),
    "expired, news to come": ("expired", {"own": "yes"}),
    "expired, long ago": ("expired", {"own": "yes", "closed_days": -3}),
    "expired without an answer": ("expired", {"own": "waiting"}),
    "expired invitation": ("expired", {"own": "waiting", "invited": True}),
}

SENTENCES = {
    "asked by a round, pair": (
        "Answer by Wednesday 2 December, 13:00. If you say ‘not right now’, we'll find someone "
        "else for Dana. We don't ask why.",
        "Antwoord vóór woensdag 2 december, 13:00. Zeg je ‘nu even niet’, dan zoeken we voor Dana "
        "iemand anders. Een reden vragen we niet.",
    ),
    "asked by a round, trio": (
        "Answer by Wednesday 2 December, 13:00. If you say ‘not right now’, Dana and Chris can go "
        "on as a pair. We don't ask why.",
        "Antwoord vóór woensdag 2 december, 13:00. Zeg je ‘nu even niet’, dan kunnen Dana en Chris "
        "samen verder. Een reden vragen we niet.",
    ),
    "invited, pair": (
        "Answer by Wednesday 2 December, 13:00. If you say ‘not right now’, Dana only hears that "
        "it isn't happening. We don't ask why.",
        "Antwoord vóór woensdag 2 december, 13:00. Zeg je ‘nu even niet’, dan hoort Dana alleen "
        "dat het niet doorgaat. Een reden vragen we niet.",
    ),
    "invited, trio": (
        "Answer by Wednesday 2 December, 13:00. If you say ‘not right now’, Dana and Chris only "
        "hear that it isn't happening. We don't ask why.",
        "Antwoord vóór woensdag 2 december, 13:00. Zeg je ‘nu even niet’, dan horen Dana en Chris "
        "alleen dat het niet doorgaat. Een reden vragen we niet.",
    ),
    "asked, time has come": (
        "The time of this coffee has come without a yes from each of you.",
        "Het moment van deze koffie kwam voordat jullie allemaal ja zeiden.",
    ),
    "accepted, pair": (
        "You said yes. Dana can answer until Wednesday 2 December, 13:00; then you'll hear from us.",
        "Jij zei ja. Dana kan tot woensdag 2 december, 13:00 antwoorden; dan hoor je van ons.",
    ),
    "accepted, trio": (
        "You said yes. Dana and Chris can answer until Wednesday 2 December, 13:00; then you'll "
        "hear from us.",
        "Jij zei ja. Dana en Chris kunnen tot woensdag 2 december, 13:00 antwoorden; dan hoor je van ons.",
    ),
    "accepts a replacement, pair": (
        "Your coffee before this one isn't happening, so we're asking Dana: until Wednesday 2 "
        "December, 13:00. Then you'll hear from us.",
        "Je vorige koffie gaat niet door, dus we vragen Dana: tot woensdag 2 december, 13:00. Dan "
        "hoor je van ons.",
    ),
    "accepts a replacement, trio": (
        "Your coffee before this one isn't happening, so we're asking Dana and Chris: until "
        "Wednesday 2 December, 13:00. Then you'll hear from us.",
        "Je vorige koffie gaat niet door, dus we vragen Dana en Chris: tot woensdag 2 december, "
        "13:00. Dan hoor je van ons.",
    ),
    "declines, can be undone": (
        "Fine. Nobody hears of it before 10:40; until then you can put it back.",
        "Goed. Tot 10:40 hoort niemand dit; zo lang kun je het terugzetten.",
    ),
    "declined by the reader": (
        "Fine. You won't hear about this coffee again.",
        "Goed. Je hoort niets meer over deze koffie.",
    ),
    "declined by the reader, the others go on": (
        "Fine. You won't hear about this coffee again.",
        "Goed. Je hoort niets meer over deze koffie.",
    ),
    "confirmed, pair": (
        "It's in both your calendars.",
        "Het staat in jullie agenda's.",
    ),
    "confirmed, trio": (
        "It's in all your calendars.",
        "Het staat in jullie agenda's.",
    ),
    "under way": (
        "It's in both your calendars.",
        "Het staat in jullie agenda's.",
    ),
    "over": (
        "This coffee is over. How was it?",
        "Deze koffie is geweest. Hoe was het?",
    ),
    "over, reported by the reader": (
        "This coffee is over. How was it?",
        "Deze koffie is geweest. Hoe was het?",
    ),
    "closed without a report": (
        "Whether this coffee took place was never told. You still can.",
        "Of deze koffie er kwam, is nooit verteld. Dat kan nog steeds.",
    ),
    "closed with a report of the reader": (
        "Whether this coffee took place stays unknown: not all of you told, or you told it differently.",
        "Of deze koffie er kwam, blijft onbekend: niet iedereen vertelde het, of jullie vertelden "
        "het verschillend.",
    ),
    "met, pair": (
        "You met.",
        "Jullie spraken elkaar.",
    ),
    "met, pair, not reported by the reader": (
        "You met.",
        "Jullie spraken elkaar.",
    ),
    "met, trio": (
        "The three of you met.",
        "Jullie spraken elkaar, met z'n drieën.",
    ),
    "met and again, pair": (
        "You met, and both of you would like to meet again: you and Dana.",
        "Jullie spraken elkaar, en jullie willen allebei nog eens: jij en Dana.",
    ),
    "met and again, trio": (
        "You met, and both of you would like to meet again: you and Dana and Chris.",
        "Jullie spraken elkaar, en jullie willen allebei nog eens: jij en Dana en Chris.",
    ),
    "missed, pair": (
        "It didn't happen this time. The two of you can meet in another round.",
        "Het is deze keer niet gelukt. In een volgende ronde kunnen jullie elkaar weer treffen.",
    ),
    "missed, trio": (
        "It didn't happen this time. You can all meet in another round.",
        "Het is deze keer niet gelukt. In een volgende ronde kunnen jullie elkaar weer treffen.",
    ),
    "declined by another, news to come": (
        "This coffee isn't happening. By Tuesday 1 December, 10:00 you'll hear who you can meet instead.",
        "Deze koffie gaat niet door. Vóór dinsdag 1 december, 10:00 hoor je met wie wel.",
    ),
    "declined by another, invited": (
        "This coffee isn't happening.",
        "Deze koffie gaat niet door.",
    ),
    "declined by another, long ago": (
        "This coffee isn't happening.",
        "Deze koffie gaat niet door.",
    ),
    "cancelled": (
        "This coffee is off. It leaves your calendars by itself.",
        "Deze koffie is afgezegd. Uit jullie agenda's gaat hij vanzelf.",
    ),
    "handed on by oneself": (
        "Chris comes instead of you. Dana is asked and may say no, as to any coffee.",
        "Chris komt in jouw plaats. We vragen het aan Dana, die nee mag zeggen, zoals bij elke koffie.",
    ),
    "handed on by the other": (
        "Dana can't come and handed this on to a colleague: Chris. You're asked for that coffee and may say "
        "no.",
        "Dana kan niet en gaf deze koffie door aan een collega: Chris. Je krijgt daarvoor een eigen "
        "voorstel, en je mag nee zeggen.",
    ),
    "expired, news to come": (
        "This coffee isn't happening. By Tuesday 1 December, 10:00 you'll hear who you can meet instead.",
        "Deze koffie gaat niet door. Vóór dinsdag 1 december, 10:00 hoor je met wie wel.",
    ),
    "expired, long ago": (
        "This coffee isn't happening.",
        "Deze koffie gaat niet door.",
    ),
    "expired without an answer": (
        "The time to answer has passed, so this coffee isn't happening.",
        "De tijd om te antwoorden is voorbij, dus deze koffie gaat niet door.",
    ),
    "expired invitation": (
        "This coffee isn't happening.",
        "Deze koffie gaat niet door.",
    ),
}


def card(cast: Cast, state: str, given: Mapping[str, object]) -> Card:
    """Card of Bram, with Dana and, in a trio, Chris; nothing is stored."""
    now = clock.now()
    days = int(str(given.get("days", 5)))
    people = [cast.bram, cast.dana, *([cast.chris] if given.get("trio") else [])]
    own = str(given.get("own", "waiting"))
    closed = state in {"declined", "cancelled", "expired"} or given.get("closed")
    left = timedelta(days=int(str(given.get("closed_days", 0))))
    coffee = Coffee(
        id="1" * 26,
        state=state,
        kind="coffee",
        form="online",
        place="",
        round_id=None if given.get("invited") else ROUND,
        invited_by_id=cast.dana.id if given.get("invited") else None,
        starts_at=now + timedelta(days=days),
        minutes=30,
        alternatives=[],
        answer_by=now.replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=2),
        proposed_at=now - timedelta(days=1),
        closed_at=now + left if closed else None,
        circle=cast.circle,
    )
    for position, person in enumerate(people):
        mine = position == 0
        coffee.seats.append(
            Seat(
                user=person,
                user_id=person.id,
                position=position,
                answer=own if mine else "yes",
                answered_at=coffee.proposed_at if mine and own == "yes" else None,
                leaves_at=now + timedelta(minutes=10) if mine and given.get("leaves") else None,
                accepts_replacement=bool(mine and given.get("replacement")),
                reasons=[],
                phone="",
                on_my_mind="",
                invited=False,
                took_place=given.get("took_place") if mine else None,
                again=given.get("again"),
                handed_to_id=cast.chris.id if given.get("handed") else None,
                handed_to=cast.chris if given.get("handed") else None,
            )
        )
    return summary_card_of(coffee, cast.bram.id)


def sentence(app: Flask, locale: str, shown: Card) -> str:
    actor = Actor(kind="person", person_id=shown.own.user_id, zone="Europe/Amsterdam")
    with app.test_request_context(), force_locale(locale):
        use_locale_of(actor)
        page = render_template_string(PAGE, card=shown)
    return " ".join(unescape(re.sub(r"</?strong>", "", page)).split())


def test_every_case_has_its_sentence_in_both_languages(
    app: Flask, cast: Cast, set_clock: SetClock, dutch: None
) -> None:
    set_clock(datetime(2026, 11, 30, 9, 30, tzinfo=UTC))
    shown = {name: card(cast, *case) for name, case in CASES.items()}
    assert {
        name: (sentence(app, "en", found), sentence(app, "nl", found)) for name, found in shown.items()
    } == SENTENCES


def test_the_cases_reach_every_status_and_every_sentence(cast: Cast, set_clock: SetClock) -> None:
    set_clock(datetime(2026, 11, 30, 9, 30, tzinfo=UTC))
    shown = [card(cast, *case) for case in CASES.values()]
    assert {found.display_status for found in shown} == set(CoffeeStatus)
    assert {found.sentence for found in shown} == set(StatusSentence)


@pytest.mark.parametrize("status", CoffeeStatus)
def test_every_status_has_a_row_that_ends_without_a_condition(status: CoffeeStatus) -> None:
    assert STATUS_TABLE[status].sentences[-1][0] is Fact.NONE
    assert status in BADGES


def test_a_page_fills_one_button() -> None:
    call = Fact.MAY_CALL | Fact.MAY_CHECK | Fact.MAY_TELL
    assert primary_action_for(CoffeeStatus.CONFIRMED, call) == PrimaryAction.CALL
    assert primary_action_for(CoffeeStatus.OVER, Fact.MAY_CHECK | Fact.MAY_TELL) == PrimaryAction.TELL
    assert primary_action_for(CoffeeStatus.CONFIRMED, Fact.MAY_CHECK) == PrimaryAction.CHECK
    assert primary_action_for(CoffeeStatus.MET, Fact.MAY_TELL | Fact.NOT_TOLD) == PrimaryAction.TELL
    assert primary_action_for(CoffeeStatus.MET, Fact.MAY_TELL) == PrimaryAction.NONE
    assert primary_action_for(CoffeeStatus.PROPOSED, Fact.MAY_ANSWER) == PrimaryAction.ANSWER
    assert primary_action_for(CoffeeStatus.ACCEPTED, Fact.TRIO) == PrimaryAction.NONE
