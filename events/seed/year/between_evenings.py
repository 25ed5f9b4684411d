"""Acts of members between evenings: calls held here, quick calls, and newcomers who are welcomed."""

from datetime import UTC, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from events.coffees.models import Coffee
from events.core.db.session import unit_of_work
from events.quick_calls.rules import OFFER_LASTS
from events.seed.year import acts
from events.seed.year.assumptions import HELD_HERE, TAKES_PLACE
from events.seed.year.evenings import FIRST_DAY, ZONE
from events.seed.year.people import Member
from events.seed.year.world import World

WORKDAY_FROM, WORKDAY_MINUTES = time(9), 8 * 60
FRIDAY = 4


def meet(world: World, coffee_id: str) -> None:
    """Once a coffee, at the time that it then has; most of them are held in the product's call."""
    with unit_of_work() as db:
        coffee = db.get_one(Coffee, coffee_id)
    now, timeline = world.timeline.now, world.timeline
    if coffee.starts_at > now:
        timeline.at(coffee.starts_at, partial(meet, world, coffee_id))
        return
    if coffee.state != "confirmed" or coffee_id in world.took_place:
        return
    key = world.key(coffee)
    there = world.took_place[coffee_id] = world.chance.happens(TAKES_PLACE, "takes place", key)
    here = coffee_id in world.quick_calls or world.chance.happens(HELD_HERE, "held here", key)
    if there and here and coffee.form == "online" and world.switches.calls_seen:
        acts.enter_call(coffee_id)
        timeline.at(coffee.ends_at, partial(acts.leave_call, coffee_id))


def plan_quick_calls(world: World, user_id: str, member: Member, days: int) -> None:
    """Offers of a quarter of an hour, on working days from nine to five."""
    for number in range(days if world.switches.quick_calls else 0):
        day = FIRST_DAY + timedelta(days=number)
        if day.weekday() > FRIDAY or not world.chance.happens(
            member.kind.offers_call, member.number, number, "offers call"
        ):
            continue
        minute = world.chance.draw(member.number, number, "minute").randrange(WORKDAY_MINUTES)
        start = datetime.combine(day, WORKDAY_FROM, ZoneInfo(ZONE)) + timedelta(minutes=minute)
        world.timeline.at(start.astimezone(UTC), partial(_offer_call, world, user_id))


def agree_to_welcome(world: World, user_id: str, member: Member) -> None:
    if world.switches.welcomes and world.chance.happens(member.kind.welcomes, member.number, "welcomes"):
        acts.agree_to_welcome(user_id, world.circle_id)


def read_welcome(world: World, user_id: str, member: Member) -> None:
    """A newcomer reads the mail that offers a welcome coffee."""
    if world.chance.happens(member.kind.is_welcomed, member.number, "is welcomed"):
        act = partial(acts.be_welcomed, user_id, world.circle_id)
        world.timeline.after(world.delay(member, "is welcomed"), act)


def _offer_call(world: World, user_id: str) -> None:
    """An open page repeats its request within seconds, so those that are open ask first."""
    if user_id not in world.members:
        return  # joins later
    now = world.timeline.now
    world.looking = {one: until for one, until in world.looking.items() if until > now and one != user_id}
    for one in world.looking:
        acts.look_for_call(one, world.circle_id)
    coffee = acts.look_for_call(user_id, world.circle_id)
    if coffee is None:
        world.looking[user_id] = now + OFFER_LASTS
        return
    for seat in coffee.seats:
        world.looking.pop(seat.user_id, None)
    world.quick_calls.add(coffee.id)
    meet(world, coffee.id)
