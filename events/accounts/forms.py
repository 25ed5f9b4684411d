"""Form models for sign-up, sign-in, profile, password, mail and display choices."""

import unicodedata
from itertools import groupby
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from events.accounts.rules import MAIL_KINDS
from events.core.auth.crypto import MAX_PASSWORD_LENGTH
from events.core.i18n.formatting import DEFAULT_ZONE, is_zone
from events.core.web.forms import Address, Checkbox, Form, line

MIN_PASSWORD_LENGTH = 10
_REGIONS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
ZONES = tuple(sorted(zone for zone in available_timezones() if zone.startswith(_REGIONS)))


def zone_choices(present: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Time zones by region, each as (name, city label). `present` comes first."""
    groups = [("", [(present, _city_label(present))])]
    for region, zones in groupby(ZONES, key=lambda zone: zone.partition("/")[0]):
        groups.append(
            (region, sorted(((zone, _city_label(zone)) for zone in zones), key=lambda choice: choice[1]))
        )
    return groups


def _city_label(zone: str) -> str:
    """ "America/Argentina/Buenos_Aires" becomes "Buenos Aires, Argentina"."""
    city, *above = reversed(zone.replace("_", " ").split("/"))
    return f"{city}, {above[0]}" if len(above) > 1 else city


def _check_zone(value: str) -> str:
    if not is_zone(value):
        raise PydanticCustomError("bad_zone", "not a time zone")
    return value


def _check_length(value: str) -> str:
    if len(value) < MIN_PASSWORD_LENGTH:
        raise PydanticCustomError("password_too_short", "too short")
    return value


def _normalise(value: str) -> str:
    # Keyboards compose accented characters differently; NFKC makes them the same password.
    return unicodedata.normalize("NFKC", value)


Locale = Literal["nl", "en"]
Language = Literal["nl", "en", "de", "fr", "es", "it", "pl", "tr"]
Zone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_check_zone)]
Password = Annotated[
    str, StringConstraints(max_length=MAX_PASSWORD_LENGTH, strip_whitespace=False), AfterValidator(_normalise)
]
NewPassword = Annotated[Password, AfterValidator(_check_length)]
Path = Annotated[str, StringConstraints(max_length=2000)]


class SignUp(Form):
    name: Annotated[str, line(80)]
    email: Address
    password: NewPassword | None = None
    zone: str | None = Field(default=None, max_length=64)  # filled by the browser; an unknown zone is ignored
    next: Path | None = None

    @property
    def known_zone(self) -> str:
        return self.zone if self.zone and is_zone(self.zone) else DEFAULT_ZONE


class UseKey(Form):
    """Confirms a one-use link. A sign-up confirmed in another browser may bring a password."""

    password: NewPassword | None = None
    zone: str | None = Field(default=None, max_length=64)

    @property
    def known_zone(self) -> str | None:
        return self.zone if self.zone and is_zone(self.zone) else None


class SignIn(Form):
    email: Address
    password: Password | None = None
    how: Literal["password", "link", "either"] = "password"  # either: submitted with the Enter key
    next: Path | None = None

    @property
    def by_link(self) -> bool:
        return self.how == "link" or (self.how == "either" and not self.password)


class Profile(Form):
    name: Annotated[str, line(80)]
    headline: Annotated[str, line(120)] | None = None
    company: Annotated[str, line(80)] | None = None
    languages: list[Language] = Field(min_length=1, max_length=8)
    zone: Zone
    locale: Locale


class ContactDetails(Form):
    """Phone, meeting link and LinkedIn address, all optional, and who may invite this person."""

    phone: Annotated[str, line(40)] | None = None
    shares_phone: Checkbox = False
    meeting_link: Annotated[str, line(300)] | None = None
    linkedin: Annotated[str, line(200)] | None = None
    welcomes: Literal["all", "met", "nobody"] = "all"


class ChangePassword(Form):
    current: Password | None = None
    new: NewPassword | None = None
    remove: Checkbox = False


class ChangePhoto(Form):
    remove: Checkbox = False


class MailChoices(Form):
    kinds: list[str] = Field(default=[], max_length=len(MAIL_KINDS))


class ChooseLocale(Form):
    locale: Locale
    next: Path | None = None


class AllowEmbed(Form):
    """Consent (or its withdrawal) to load players from another site. `origin` is an https
    origin."""

    origin: Annotated[str, StringConstraints(pattern=r"^https://[a-z0-9.-]{4,253}(:[0-9]{1,5})?$")]
    allowed: Checkbox = False
    next: Path | None = None


class ChooseTheme(Form):
    theme: Literal["light", "dark"] | None = None
    next: Path | None = None
