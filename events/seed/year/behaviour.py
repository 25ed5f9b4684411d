"""Reactions of simulated members to a page that asks, to each mail, and to a coffee that was agreed."""

from collections.abc import Collection
from datetime import timedelta
from functools import partial

from sqlalchemy.orm import Session

from events.coffees.models import Coffee
from events.coffees.queries.coffees import seat_of
from events.coffees.rules import CLOSED_STATES
from events.core.db.session import unit_of_work
from events.livestreams.models import Livestream
from events.recordings.models import Recording
from events.rounds.models import Round
from events.rounds.queries.rounds import round_of
from events.seed.year import acts, between_evenings
from events.seed.year.people import Member
from events.seed.year.world import World

PAGE_WITHIN = timedelta(minutes=30)
TODAY_WITHIN = timedelta(days=5)
ASKING = {"round_opened", "round_reminder"}


class Behaviour:
    """Reactions of members to what the product shows and mails them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._proposals: dict[tuple[int, int], int] = {}  # how many coffees one person was asked in a round
        self._reactions = {
            "livestream_announced": self._register,
            "livestream_cancelled": self._read_cancelled,
            "recording_ready": self._read_recording,
            "round_opened": self._read_asking,
            "round_reminder": self._read_asking,
            "coffee_proposed": self._read_proposal,
            "coffee_instead": self._read_proposal,
            "coffee_nudge": self._read_nudge,
            "coffee_confirmed": self._read_confirmed,
            "coffee_after": self._read_after,
            "welcome_offered": self._read_welcome,
        }

    def take_mail(self, kind: str, person_id: str, subject_id: str) -> None:
        member, reaction = self.world.members.get(person_id), self._reactions.get(kind)
        if member is not None and reaction is not None:
            reaction(kind, member, person_id, subject_id)

    def see_round(self, round_id: str, number: int, *, came: Collection[str], still_open: float) -> None:
        """The open pages of those who came ask; everybody else may come by on Today."""
        self.world.rounds[round_id] = number
        for user_id, member in self.world.members.items():
            asks = ("page", number)
            if user_id in came and self._does(member.kind.stays * still_open, member, "open", number):
                if self._does(member.kind.yes_on_page, member, *asks):
                    self._later(member, PAGE_WITHIN, asks, user_id, round_id)
            elif self._does(member.kind.yes_on_today, member, "today", number):
                self._later(member, TODAY_WITHIN, ("today", number), user_id, round_id)

    def _later(
        self, member: Member, within: timedelta, question: tuple[object, ...], user_id: str, round_id: str
    ) -> None:
        part = self.world.chance.draw(member.number, *question, "when").random()
        self.world.timeline.after(within * part, partial(self._say_yes, member, user_id, round_id))

    def _say_yes(self, member: Member, user_id: str, round_id: str) -> None:
        world, number = self.world, self.world.number(round_id)
        picks = world.switches.topics_shown and self._does(member.kind.picks_topics, member, "picks", number)
        acts.say_yes(user_id, round_id, member, world.chance, picks=picks)

    def _register(self, _kind: str, member: Member, user_id: str, livestream_id: str) -> None:
        if self._does(member.kind.registers, member, "registers", self._slug(livestream_id)):
            act = partial(acts.register, user_id, livestream_id)
            self.world.timeline.after(self.world.delay(member, "registers", self._slug(livestream_id)), act)

    def _read_asking(self, kind: str, member: Member, user_id: str, round_id: str) -> None:
        """Before this behaviour only a round of its own asked by mail, and nothing reminded of any."""
        with unit_of_work() as db:
            alone = db.get_one(Round, round_id).livestream_id is None
        if not self.world.switches.asked_by_mail and not (alone and kind == "round_opened"):
            return
        share = member.kind.yes_by_mail if kind == "round_opened" else member.kind.yes_by_reminder
        self._answer_mail(kind, share, member, user_id, round_id)

    def _read_cancelled(self, kind: str, member: Member, user_id: str, livestream_id: str) -> None:
        with unit_of_work() as db:
            round_ = round_of(db, livestream_id)
        if round_ is not None:
            self._answer_mail(kind, member.kind.yes_by_mail, member, user_id, round_.id)

    def _read_recording(self, kind: str, member: Member, user_id: str, recording_id: str) -> None:
        with unit_of_work() as db:
            round_ = round_of(db, db.get_one(Recording, recording_id).livestream_id)
        if round_ is not None:
            self._answer_mail(kind, member.kind.yes_by_recording, member, user_id, round_.id)

    def _answer_mail(self, kind: str, share: float, member: Member, user_id: str, round_id: str) -> None:
        number = self.world.number(round_id)
        if self._does(share, member, kind, number):
            act = partial(self._say_yes, member, user_id, round_id)
            self.world.timeline.after(self.world.delay(member, kind, number), act)

    def _read_proposal(self, _kind: str, member: Member, user_id: str, coffee_id: str) -> None:
        """Yes, "not right now" or nothing; the last two may say yes to the same round later."""
        with unit_of_work() as db:
            coffee = db.get_one(Coffee, coffee_id)
        if seat_of(coffee, user_id).answer != "waiting":
            return
        question: tuple[object, ...] = ("proposal", self.world.key(coffee))
        if coffee.round_id is not None:
            number = self.world.number(coffee.round_id)
            question = ("proposal", number, self._count(member, number))
        answer, delay = self.world.chance.draw(member.number, *question).random(), self.world.delay
        kind = member.kind
        if answer < kind.accepts + kind.declines:
            act = partial(self._answer, member, user_id, coffee_id, accepts=answer < kind.accepts)
            self.world.timeline.after(delay(member, *question), act)
        returns = self.world.switches.returns and self._does(kind.returns, member, "returns", *question)
        if answer >= kind.accepts and returns and coffee.round_id is not None:
            act = partial(self._return, member, user_id, coffee_id)
            self.world.timeline.at(coffee.answer_by + timedelta(hours=1), act)

    def _read_nudge(self, _kind: str, member: Member, user_id: str, coffee_id: str) -> None:
        if self._does(member.kind.answers_nudge, member, "nudge", self._key(coffee_id)):
            act = partial(self._answer, member, user_id, coffee_id, accepts=True)
            self.world.timeline.after(self.world.delay(member, "nudge", self._key(coffee_id)) / 2, act)

    def _answer(self, member: Member, user_id: str, coffee_id: str, *, accepts: bool) -> None:
        ticked = self._does(member.kind.keeps_ticked, member, "ticked", self._key(coffee_id))
        replacement = self.world.switches.replacement_ticked and ticked
        acts.answer(user_id, coffee_id, accepts=accepts, replacement=replacement)

    def _return(self, member: Member, user_id: str, coffee_id: str) -> None:
        """Once that coffee is lost to them: they look at its page and would like one after all."""
        with unit_of_work() as db:
            coffee = db.get_one(Coffee, coffee_id)
            lost = coffee.state in CLOSED_STATES or seat_of(coffee, user_id).answer == "no"
        if lost:
            acts.rejoin(user_id, coffee_id, member, self.world.chance)

    def _read_confirmed(self, _kind: str, member: Member, user_id: str, coffee_id: str) -> None:
        with unit_of_work() as db:
            coffee = db.get_one(Coffee, coffee_id)
        now, timeline = self.world.timeline.now, self.world.timeline
        ahead = coffee.starts_at > now
        if ahead and self._does(member.kind.cancels, member, "cancels", self._key(coffee_id)):
            timeline.at(now + (coffee.starts_at - now) / 2, partial(acts.cancel, user_id, coffee_id))
        timeline.at(coffee.starts_at, partial(between_evenings.meet, self.world, coffee_id))

    def _read_welcome(self, _kind: str, member: Member, user_id: str, _circle_id: str) -> None:
        between_evenings.read_welcome(self.world, user_id, member)

    def _read_after(self, _kind: str, member: Member, user_id: str, coffee_id: str) -> None:
        key, world = self._key(coffee_id), self.world
        if self._does(member.kind.tells, member, "tells", key):
            there = world.took_place.get(coffee_id, False)
            worth = self._does(member.kind.worth_it, member, "worth it", key)
            act = partial(acts.tell, user_id, coffee_id, took_place=there, worth_it=worth)
            world.timeline.after(world.delay(member, "tells", key), act)

    def _does(self, share: float, member: Member, *question: object) -> bool:
        return self.world.chance.happens(share, member.number, *question)

    def _count(self, member: Member, number: int) -> int:
        key = (member.number, number)
        self._proposals[key] = self._proposals.get(key, 0) + 1
        return self._proposals[key]

    def _key(self, coffee_id: str) -> str:
        with unit_of_work() as db:
            return self.world.key(db.get_one(Coffee, coffee_id))

    @staticmethod
    def _slug(livestream_id: str) -> str:
        with unit_of_work() as db:
            return _slug_of(db, livestream_id)


def _slug_of(db: Session, livestream_id: str) -> str:
    return db.get_one(Livestream, livestream_id).slug
