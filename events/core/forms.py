"""Untrusted input becomes a frozen model here, or a list of (field, code); nothing else is let through."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
)
from pydantic_core import ErrorDetails, PydanticCustomError

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


def line(longest: int, shortest: int = 1) -> Any:
    """One line of text of `shortest` to `longest` characters that shows something."""
    return Annotated[
        str,
        StringConstraints(max_length=longest, min_length=shortest),
        AfterValidator(_clean),
        AfterValidator(_one_line),
        AfterValidator(_visible),
    ]


def paragraph(longest: int) -> Any:
    """Text of several lines that may be empty."""
    return Annotated[str, StringConstraints(max_length=longest), AfterValidator(_clean)]


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
    "int_parsing": "bad_number",
    "int_type": "bad_number",
    "greater_than_equal": "bad_number",
    "less_than_equal": "bad_number",
    "enum": "bad_choice",
    "literal_error": "bad_choice",
    "string_pattern_mismatch": "bad_choice",
}


def parse_page(form: type[M], posted: Mapping[str, list[str]]) -> M:
    """A posted form: declared fields only, an empty field is None, a list field takes all its values."""
    values: dict[str, Any] = {}
    for name, given in posted.items():
        if name == "csrf_token":
            continue
        declared = form.model_fields.get(name)
        if declared is not None and "list" in str(declared.annotation):
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
        return form.model_validate(payload, strict=None if _needs_lax(form) else True)
    except ValidationError as error:
        fields = _fields(error.errors())
        raise Invalid(fields[0][1], fields=fields) from None
    except (RecursionError, UnicodeError):
        raise Invalid("bad_frame") from None


def _needs_lax(form: type[BaseModel]) -> bool:
    """Moments and enums arrive as strings in JSON, so forms that hold them cannot be strict as a whole."""
    return any(
        word in str(field.annotation) for field in form.model_fields.values() for word in ("datetime", "Enum")
    )


def _fields(errors: list[ErrorDetails]) -> list[tuple[str, str]]:
    found = []
    for error in errors:
        name = str(error["loc"][0]) if error["loc"] else ""
        kind = error["type"]
        code = _CODES.get(kind) or (kind if kind.startswith("bad_") or "_" in kind else "invalid")
        if kind.startswith("datetime") or kind.startswith("date_") or kind.startswith("time_"):
            code = "bad_time"
        elif kind.startswith(("int_", "float_", "decimal_", "finite")):
            code = "bad_number"
        found.append((name, code))
    return found
