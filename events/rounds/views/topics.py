"""Topics of the opt-in form: a few chips a side, and names to suggest while typing."""

from collections.abc import Collection
from dataclasses import dataclass

from events.circles.models import Topic
from events.core.i18n.formatting import current_locale
from events.core.web.request import FormState
from events.rounds.forms import OptInForm
from events.rounds.queries.opt_in_form import OptInFormData

MAX_CHIPS = 6  # a side, unless more are chosen


@dataclass(frozen=True)
class TopicFields:
    """(id, name) pairs in the reader's language: chips of both sides, and every topic by name."""

    asks: list[tuple[str, str]]
    offers: list[tuple[str, str]]
    every: list[tuple[str, str]]


def topic_fields(sheet: OptInFormData, form: FormState[OptInForm]) -> TopicFields | None:
    """None for people who are no members: their asks and offers would be in no circle."""
    if sheet.topics is None:
        return None
    locale = current_locale()

    def chips(side: str) -> list[tuple[str, str]]:
        shown = _chips(sheet.topics or [], _ticked(form, side))
        return [(topic.id, topic.name_in(locale)) for topic in shown]

    every = sorted(
        ((topic.id, topic.name_in(locale)) for topic in sheet.topics), key=lambda one: one[1].lower()
    )
    return TopicFields(chips("asks"), chips("offers"), every)


def _chips(topics: list[Topic], ticked: Collection[str]) -> list[Topic]:
    """Chosen ones first, then the most used."""
    chosen = [topic for topic in topics if topic.id in ticked]
    others = [topic for topic in topics if topic.id not in ticked]
    return chosen + others[: max(0, MAX_CHIPS - len(chosen))]


def _ticked(form: FormState[OptInForm], side: str) -> set[str]:
    value = form.values.get(side, [])
    return {value} if isinstance(value, str) else set(value) if isinstance(value, list) else set()
