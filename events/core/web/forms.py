"""Form parsing for pages and frames: untrusted input becomes a frozen pydantic model, or (field,
code) errors.
"""

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
from events.core.text import unicode_cleaning
from events.core.text.email_address import NotAnAddress, normalise_address

MAX_TYPED = 4  # input length as a multiple of the field's length, to bound the cost of cleaning


class Form(BaseModel):
    """Base of all forms. Unknown fields are refused, values are frozen."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


M = TypeVar("M", bound=BaseModel)


def _clean(value: str) -> str:
    """Remove copy artefacts. Deceptive text is refused, with its line if there are several."""
    try:
        return unicode_cleaning.clean(value)
    except unicode_cleaning.Deceives as found:
        where = {"line": found.line} if "\n" in value.strip() else {}
        raise PydanticCustomError("bad_text", "signs that cannot be read", where) from None


def _one_line(value: str) -> str:
    return " ".join(value.split())


def _visible(value: str) -> str:
    if not unicode_cleaning.is_visible(value):
        raise PydanticCustomError("missing", "nothing to see")
    return value


def _address(value: str) -> str:
    try:
        return normalise_address(value)
    except NotAnAddress:
        raise PydanticCustomError("bad_address", "not an address") from None


@dataclass(frozen=True)
class Text(GroupedMetadata):
    """Constraints of a `str` field: checks in order, each on the result of the one before, then the
    length.
    """

    longest: int
    checks: tuple[Callable[[str], str], ...]

    @override
    def __iter__(self) -> Iterator[object]:
        yield MaxLen(self.longest * MAX_TYPED)
        yield from map(AfterValidator, self.checks)
        yield AfterValidator(self._short)

    def _short(self, value: str) -> str:
        if len(value) > self.longest:
            raise PydanticCustomError("too_long", "longer than is kept")
        return value


def line(longest: int) -> Text:
    """`Annotated[str, line(80)]`: a single line with something visible in it."""
    return Text(longest, (_clean, _one_line, _visible))


def paragraph(longest: int) -> Text:
    """`Annotated[str, paragraph(2000)]`: multi-line text that may be empty."""
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
    """Parse a posted form: declared fields only, an empty field is absent, a list field takes all
    its values. Raises Invalid.
    """
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
    """Parse the payload of a frame: an object with exactly the declared types. Raises Invalid."""
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
        code = _code(error["type"])
        line = error.get("ctx", {}).get("line")
        if code == "bad_text" and len(error["loc"]) > 1 and isinstance(error["loc"][1], int):
            line = error["loc"][1] + 1  # index in a list that is entered one value per line
        found.append((name, f"{code}@{line}" if code == "bad_text" and line else code))
    return found


def _code(error_type: str) -> str:
    """Map pydantic's error types to our codes; a custom type is its own code."""
    if error_type.startswith(("datetime_", "date_", "time_", "timezone_")):
        return "bad_time"
    if error_type.startswith(("int_", "float_", "decimal_", "finite_")):
        return "bad_number"
    return _CODES.get(error_type) or (error_type if "_" in error_type else "invalid")
