"""Untrusted input becomes a frozen model here, or a list of (field, code); nothing else is let through."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, TypeVar, get_origin

from annotated_types import GroupedMetadata, MaxLen
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
)
from pydantic_core import ErrorDetails, PydanticCustomError
from typing_extensions import override

from events.core.errors import Invalid

MAX_COMBINING = 8  # marks on one letter before it counts as noise
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
_ALLOWED_CONTROLS = {"\n", "\t"}
_BIDI = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Form(BaseModel):
    """A command as it came in. Unknown fields are refused, values are frozen."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


M = TypeVar("M", bound=BaseModel)


def _clean(value: str) -> str:
    """Plain text without NUL, control, surrogate or direction characters; NFC; marks in moderation."""
    value = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    marks = 0
    for character in value:
        category = unicodedata.category(character)
        if category in {"Cs", "Co"} or (category == "Cc" and character not in _ALLOWED_CONTROLS):
            raise PydanticCustomError("bad_text", "characters that cannot be stored")
        if character in _BIDI:
            raise PydanticCustomError("bad_text", "direction characters")
        marks = marks + 1 if category == "Mn" else 0
        if marks > MAX_COMBINING:
            raise PydanticCustomError("bad_text", "too many marks on one letter")
    return value


def _one_line(value: str) -> str:
    return " ".join(value.split())


def _visible(value: str) -> str:
    if not any(unicodedata.category(character)[0] in "LNPS" for character in value):
        raise PydanticCustomError("missing", "nothing to see")
    return value


def _address(value: str) -> str:
    value = value.strip()
    if len(value) > 254 or not _ADDRESS.fullmatch(value) or ".." in value:
        raise PydanticCustomError("bad_address", "not an address")
    local, _, domain = value.rpartition("@")
    if local.startswith(".") or local.endswith("."):
        raise PydanticCustomError("bad_address", "not an address")
    return f"{local}@{domain}".lower()


@dataclass(frozen=True)
class Text(GroupedMetadata):
    """What a `str` field is held to: its length as typed, then each check on what the one before left."""

    longest: int
    checks: tuple[Callable[[str], str], ...]

    @override
    def __iter__(self) -> Iterator[object]:
        yield MaxLen(self.longest)
        yield from map(AfterValidator, self.checks)


def line(longest: int) -> Text:
    """`Annotated[str, line(80)]`: one line of text that shows something."""
    return Text(longest, (_clean, _one_line, _visible))


def paragraph(longest: int) -> Text:
    """`Annotated[str, paragraph(2000)]`: text of several lines that may be empty."""
    return Text(longest, (_clean,))


Address = Annotated[str, StringConstraints(max_length=254), AfterValidator(_clean), AfterValidator(_address)]
OpaqueId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{26}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,99}$")]
Checkbox = Annotated[bool, BeforeValidator(lambda value: value not in {None, "", False, "off", "0"})]

_CODES = {
    "missing": "missing",
    "string_too_short": "missing",
    "string_too_long": "too_long",
    "too_short": "missing",
    "too_long": "too_long",
    "extra_forbidden": "unknown_field",
    "string_type": "bad_text",
    "string_unicode": "bad_text",
    "greater_than_equal": "bad_number",
    "less_than_equal": "bad_number",
    "enum": "bad_choice",
    "literal_error": "bad_choice",
    "string_pattern_mismatch": "bad_choice",
}


def parse_page(form: type[M], posted: Mapping[str, list[str]]) -> M:
    """A posted form: declared fields only, an empty field is None, a list field takes all its values."""
    values: dict[str, str | list[str]] = {}
    for name, given in posted.items():
        if name == "csrf_token":
            continue
        declared = form.model_fields.get(name)
        if declared is not None and get_origin(declared.annotation) is list:
            values[name] = [value for value in given if value != ""]
        elif given and given[-1].strip() != "":
            values[name] = given[-1]
    try:
        return form.model_validate(values)
    except ValidationError as error:
        raise Invalid(fields=_fields(error.errors())) from None


def parse_frame(form: type[M], payload: object) -> M:
    """The payload of a socket frame: an object with exactly the declared types."""
    if not isinstance(payload, dict):
        raise Invalid("bad_frame")
    try:
        return form.model_validate(payload, strict=True)
    except ValidationError as error:
        fields = _fields(error.errors())
        raise Invalid(fields[0][1], fields=fields) from None
    except (RecursionError, UnicodeError):
        raise Invalid("bad_frame") from None


def _fields(errors: list[ErrorDetails]) -> list[tuple[str, str]]:
    found = []
    for error in errors:
        name = str(error["loc"][0]) if error["loc"] else ""
        found.append((name, _code(error["type"])))
    return found


def _code(kind: str) -> str:
    """The library's own kinds of error in our few codes; a form's own code is itself."""
    if kind.startswith(("datetime_", "date_", "time_", "timezone_")):
        return "bad_time"
    if kind.startswith(("int_", "float_", "decimal_", "finite_")):
        return "bad_number"
    return _CODES.get(kind) or (kind if "_" in kind else "invalid")
