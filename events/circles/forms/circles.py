"""Form models of a circle: settings, invitations, topics, asks and offers."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from events.accounts.forms import Locale, SignUp, Zone
from events.circles.rules import (
    COLOURS,
    MAX_INVITED,
    MAX_LINE_LENGTH,
    OWN_COLOUR,
    carries_contact,
    merge_words,
)
from events.core.calendar.public_holidays import COUNTRIES
from events.core.errors import Invalid
from events.core.media.contrast import HEX_COLOUR
from events.core.web.forms import Address, Checkbox, Form, OpaqueId, line, paragraph

Joining = Literal["open", "on_request", "by_invitation"]
YesNo = Literal["yes", "no"]
MAX_TOPIC_LENGTH = 60
_word: TypeAdapter[str] = TypeAdapter(Annotated[str, line(MAX_TOPIC_LENGTH)])
_name: TypeAdapter[str] = TypeAdapter(Annotated[str, line(80)])
_address: TypeAdapter[str] = TypeAdapter(Address)


def _colour(value: str) -> str:
    if value not in (*COLOURS, OWN_COLOUR):
        raise PydanticCustomError("bad_choice", "not one of the colours")
    return value


def _hex_colour(value: str) -> str:
    if not HEX_COLOUR.fullmatch(value):
        raise PydanticCustomError("bad_colour", "no colour")
    return value.lower()


def _check_topics(value: str) -> str:
    for word in split(value):
        try:
            _word.validate_python(word)
        except ValidationError:
            raise PydanticCustomError("bad_topic", "not a topic") from None
    return value


def _country(value: str) -> str:
    if value not in COUNTRIES:
        raise PydanticCustomError("bad_choice", "no country with known holidays")
    return value


Colour = Annotated[str, AfterValidator(_colour)]
HexColour = Annotated[str, AfterValidator(_hex_colour)]
Country = Annotated[str, AfterValidator(_country)]
MetWindow = Literal["three", "six", "twelve"]


class CreateCircle(Form):
    name: Annotated[str, line(80)]
    about: Annotated[str, paragraph(2000)] = ""
    joining: Joining = "by_invitation"
    locale: Locale = "nl"


class RequestCircle(Form):
    """A visitor's circle: its name and the person who will own it."""

    circle: Annotated[str, line(80)]
    name: Annotated[str, line(80)]
    email: Address
    zone: str | None = Field(default=None, max_length=64)  # filled by the browser; an unknown zone is ignored

    @property
    def sign_up(self) -> SignUp:
        return SignUp(name=self.name, email=self.email, zone=self.zone)


class CircleSettings(Form):
    name: Annotated[str, line(80)]
    lead: Annotated[str, line(160)] | None = None
    about: Annotated[str, paragraph(2000)] = ""
    joining: Joining
    locale: Locale
    zone: Zone
    country: Country
    met_window: MetWindow = "six"
    colour: Colour | None = None
    own_colour: HexColour | None = None  # counts while `colour` is OWN_COLOUR
    members_evenings: Literal["hidden", "shown"] = "hidden"
    links: Literal["hidden", "shown"] = "shown"
    findable: YesNo = "no"

    @property
    def chosen_colour(self) -> str | None:
        return self.own_colour if self.colour == OWN_COLOUR else self.colour


class ChangeLogo(Form):
    remove: Checkbox = False


class NameOnPage(Form):
    named: Checkbox = False


def _no_contact(value: str) -> str:
    if carries_contact(value):
        raise PydanticCustomError("has_contact", "a link, an address or a number")
    return value


InvitationLine = Annotated[str, line(MAX_LINE_LENGTH), AfterValidator(_no_contact)]


class ChangeInvitationLine(Form):
    line: InvitationLine | None = None


class Invite(Form):
    addresses: Annotated[str, paragraph(10_000)] = Field(min_length=1)


class ChangeRole(Form):
    role: Literal["owner", "organiser", "member"]


class Decide(Form):
    decision: Literal["accepted", "declined"]


class ChangeTopics(Form):
    """One change of the topic list; `do` decides which fields are required."""

    do: Literal["add", "rename", "merge", "remove"]
    topic: OpaqueId | None = None
    into: Annotated[str, line(MAX_TOPIC_LENGTH)] | None = None  # typed
    name_nl: Annotated[str, line(MAX_TOPIC_LENGTH)] | None = None
    name_en: Annotated[str, line(MAX_TOPIC_LENGTH)] | None = None


class TopicChoice(Form):
    """Asks and offers: chosen topic ids, and typed words separated by commas."""

    asks: list[OpaqueId] = Field(default=[], max_length=60)
    offers: list[OpaqueId] = Field(default=[], max_length=60)
    more_asks: Annotated[str, Field(max_length=400), AfterValidator(_check_topics)] = ""
    more_offers: Annotated[str, Field(max_length=400), AfterValidator(_check_topics)] = ""


class Interests(TopicChoice):
    """Asks, offers, and whether the member list shows the member."""

    listed: Checkbox = False


class FirstQuestions(TopicChoice):
    """The three questions of a new member; all may stay empty."""

    headline: Annotated[str, line(120)] | None = None
    company: Annotated[str, line(80)] | None = None
    listed: Checkbox = False


class ChooseListing(Form):
    listed: Literal["yes", "no"]


@dataclass(frozen=True)
class Invitee:
    """One entry of an invitation list; `email` is None without a valid address."""

    written: str
    name: str = ""
    email: str | None = None
    company: str = ""


def split(text: str) -> list[str]:
    """Words between commas, without duplicates."""
    return merge_words([" ".join(word.split()) for word in text.split(",") if word.strip()])


def read_invitees(text: str) -> list[Invitee]:
    """Parse addresses separated by lines, commas or semicolons, bare or `Name <address>`; without
    duplicates."""
    found: dict[str, Invitee] = {}
    for entry in _entries(text):
        invitee = _read_invitee(entry)
        found.setdefault(invitee.email or invitee.written, invitee)
    if not found:
        raise Invalid(fields=[("addresses", "missing")])
    if len(found) > MAX_INVITED:
        raise Invalid(fields=[("addresses", "too_many_addresses")])
    return list(found.values())


def _entries(text: str) -> list[str]:
    """Split at line ends, and at commas and semicolons outside quotes."""
    entries = []
    for typed in text.splitlines():
        quoted, start = False, 0
        for place, character in enumerate(typed):
            if character == '"':
                quoted = not quoted
            elif character in ",;" and not quoted:
                entries.append(typed[start:place])
                start = place + 1
        entries.append(typed[start:])
    return [entry.strip() for entry in entries if entry.strip()]


def _read_invitee(entry: str) -> Invitee:
    name, bracket, address = entry.partition("<")
    if not bracket:
        name, address = "", entry
    try:
        email = _address.validate_python(address.strip().removesuffix(">"))
    except ValidationError:
        return Invitee(entry[:120])
    try:
        name = _name.validate_python(name.strip().strip('"').strip())
    except ValidationError:
        # Falls back to the address until its owner sets a name.
        name = email.partition("@")[0][:80]
    return Invitee(entry[:120], name, email)
