"""Parser and validator of problem documents: untrusted JSON to a `Problem`, or a path and a sentence."""

import math
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import TypeVar

from events.pairing.problem import Person, Problem

T = TypeVar("T")

MAX_PEOPLE = 200_000
MAX_WORDS = 60
MAX_STARTS = 2_000
MAX_PAIRS = 5_000_000
MAX_TEXT_LENGTH = 200
UNSTORABLE = re.compile("[\x00-\x1f\ud800-\udfff]")

PERSON_FIELDS = frozenset(
    [
        "id", "offers", "asks", "languages", "company", "never", "free", "forms", "trio", "trio_last",
        "coffees", "luck",
    ]
)  # fmt: skip
PROBLEM_FIELDS = frozenset(["people", "met", "together", "locked", "need", "slot_minutes", "seed"])


class BadProblem(ValueError):
    """Invalid document; `path` names the field, `sentence` the error."""

    def __init__(self, path: str, sentence: str) -> None:
        super().__init__(f"{path}: {sentence}")
        self.path = path
        self.sentence = sentence


def read_problem(data: object) -> Problem:
    """Parse a JSON document. Raises BadProblem at the first wrong field."""
    fields = _object(data, "the file", PROBLEM_FIELDS)
    if "people" not in fields:
        raise BadProblem("people", "This field is missing.")
    people = tuple(
        _person(item, f"people[{at}]") for at, item in _items(fields["people"], "people", MAX_PEOPLE)
    )
    known: set[str] = set()
    for at, person in enumerate(people):
        if person.id in known:
            raise BadProblem(f"people[{at}].id", "This id occurs twice.")
        known.add(person.id)
    for at, person in enumerate(people):
        for which, other in enumerate(person.never):
            if other not in known:
                raise BadProblem(f"people[{at}].never[{which}]", "Nobody in this round has this id.")
    together, locked = [], []
    for path, row in _rows(fields, "together", 3):
        together.append((*_pair(row, path, known), _text(row[2], f"{path}[2]")))
    for path, row in _rows(fields, "locked", 3):
        locked.append((*_pair(row, path, known), _moment(row[2], f"{path}[2]")))
    return Problem(
        people=people,
        met=tuple(_pair(row, path, known) for path, row in _rows(fields, "met", 2)),
        together=tuple(together),
        locked=tuple(locked),
        need=_number(fields.get("need", 0.5), "need", 0.0, 1.0),
        slot_minutes=_whole(fields.get("slot_minutes", 30), "slot_minutes", 1, 24 * 60),
        seed=_whole(fields.get("seed", 0), "seed", -(2**63), 2**63 - 1),
    )


def _person(data: object, path: str) -> Person:
    fields = _object(data, path, PERSON_FIELDS)
    for name in ("id", "languages", "free"):
        if name not in fields:
            raise BadProblem(f"{path}.{name}", "This field is missing.")

    def words(name: str, default: Iterable[str] = ()) -> tuple[str, ...]:
        return _list(fields.get(name, list(default)), f"{path}.{name}", MAX_WORDS, _text)

    company = fields.get("company")
    return Person(
        id=_text(fields["id"], f"{path}.id"),
        offers=words("offers"),
        asks=words("asks"),
        languages=words("languages"),
        company=None if company is None else _text(company, f"{path}.company", empty=True),
        never=_list(fields.get("never", []), f"{path}.never", MAX_PEOPLE, _text),
        free=_list(fields["free"], f"{path}.free", MAX_STARTS, _moment),
        forms=words("forms", ("online",)),
        trio=_flag(fields.get("trio", True), f"{path}.trio"),
        trio_last=_flag(fields.get("trio_last", False), f"{path}.trio_last"),
        coffees=_whole(fields.get("coffees", 1), f"{path}.coffees", 1, 20),
        prior_benefit=_number(fields.get("luck", 0.0), f"{path}.luck", 0.0, 1e6),
    )


def _object(data: object, path: str, known: frozenset[str]) -> dict[str, object]:
    if not isinstance(data, dict):
        raise BadProblem(path, "This must be an object with named fields.")
    for name in data:
        if name not in known:
            raise BadProblem(f"{path}.{str(name)[:MAX_TEXT_LENGTH]}", "There is no field of this name.")
    return data


def _items(data: object, path: str, most: int) -> Iterable[tuple[int, object]]:
    if not isinstance(data, list):
        raise BadProblem(path, "This must be a list.")
    if len(data) > most:
        raise BadProblem(path, f"This list is too long: at most {most} are possible.")
    return enumerate(data)


def _list(data: object, path: str, most: int, read: Callable[[object, str], T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(read(item, f"{path}[{at}]") for at, item in _items(data, path, most)))


def _rows(fields: dict[str, object], name: str, width: int) -> Iterable[tuple[str, list[object]]]:
    for at, row in _items(fields.get(name, []), name, MAX_PAIRS):
        if not isinstance(row, list) or len(row) != width:
            raise BadProblem(f"{name}[{at}]", f"This must be a list of {width} values.")
        yield f"{name}[{at}]", row


def _pair(row: list[object], path: str, known: set[str]) -> tuple[str, str]:
    one, other = _text(row[0], f"{path}[0]"), _text(row[1], f"{path}[1]")
    for at, who in enumerate((one, other)):
        if who not in known:
            raise BadProblem(f"{path}[{at}]", "Nobody in this round has this id.")
    if one == other:
        raise BadProblem(path, "This must name two different people.")
    return one, other


def _text(data: object, path: str, empty: bool = False) -> str:
    if not isinstance(data, str):
        raise BadProblem(path, "This must be a text.")
    if not empty and not data.strip():
        raise BadProblem(path, "This text is empty.")
    if len(data) > MAX_TEXT_LENGTH:
        raise BadProblem(path, f"This text is too long: at most {MAX_TEXT_LENGTH} characters are possible.")
    if UNSTORABLE.search(data):
        raise BadProblem(path, "This text has a character that cannot be stored.")
    return data


def _flag(data: object, path: str) -> bool:
    if not isinstance(data, bool):
        raise BadProblem(path, "This must be true or false.")
    return data


def _number(data: object, path: str, least: float, most: float) -> float:
    if isinstance(data, bool) or not isinstance(data, int | float):
        raise BadProblem(path, "This must be a number.")
    if not (least <= data <= most) or not math.isfinite(data):
        raise BadProblem(path, f"This must lie between {least:g} and {most:g}.")
    return float(data)


def _whole(data: object, path: str, least: int, most: int) -> int:
    if isinstance(data, bool) or not isinstance(data, int):
        raise BadProblem(path, "This must be a whole number.")
    if not least <= data <= most:
        raise BadProblem(path, f"This must lie between {least} and {most}.")
    return data


def _moment(data: object, path: str) -> datetime:
    moment = _in_utc(_text(data, path))
    if isinstance(moment, str):
        raise BadProblem(path, moment)
    return moment


@lru_cache(maxsize=1024)
def _in_utc(text: str) -> datetime | str:
    """UTC time, or the error sentence; cached, since everyone chooses from the same few starts."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return "This is not a date and time such as 2026-11-24T09:00:00Z."
    if moment.tzinfo is None:
        return "This time has no zone: write it in UTC, with a Z at the end."
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return "This date is too far away."
