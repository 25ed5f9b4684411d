"""Form models of call frames: WebRTC signalling, bounded before anything reads it."""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from events.core.web.forms import Form, OpaqueId

MAX_SDP_LENGTH = 16 * 1024
MAX_CANDIDATE_LENGTH = 1024
MAX_EXTENSIONS = 3  # ten minutes each
_PRINTABLE = r"^[\r\n\t\x20-\x7e]*$"

Sdp = Annotated[str, StringConstraints(max_length=MAX_SDP_LENGTH, pattern=_PRINTABLE)]
CandidateLine = Annotated[str, StringConstraints(max_length=MAX_CANDIDATE_LENGTH, pattern=_PRINTABLE)]
Epoch = Annotated[int, Field(ge=1, le=2**31 - 1)]
Short = Annotated[str, StringConstraints(max_length=256, pattern=_PRINTABLE)]


class Verbatim(Form):
    """Forwarded byte by byte: the final line end of an SDP belongs to it."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=False, populate_by_name=True)


class Description(Verbatim):
    type: Literal["offer", "answer"]
    sdp: Sdp


class Candidate(Verbatim):
    candidate: CandidateLine
    mid: Short | None = Field(default=None, alias="sdpMid")
    line: Annotated[int, Field(ge=0, le=63)] | None = Field(default=None, alias="sdpMLineIndex")
    fragment: Short | None = Field(default=None, alias="usernameFragment")


class EnterCall(Form):
    """`stay` is the epoch of an earlier answer: the same page returns after its socket dropped.

    `direct` carries the consent given on this page into a new stay, as `calls.direct` does.
    """

    coffee: OpaqueId
    stay: Epoch | None = None
    direct: bool = False


class Signal(Form):
    """Exactly one of description and candidate. `seat` selects one of two partners."""

    coffee: OpaqueId
    epoch: Epoch
    seat: Annotated[int, Field(ge=0, le=9)] | None = None
    description: Description | None = None
    candidate: Candidate | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.description is None) == (self.candidate is None):
            raise PydanticCustomError("bad_frame", "a description or a candidate")
        return self

    def content(self) -> dict[str, object]:
        """Payload for the other browser, with WebRTC field names."""
        return self.model_dump(include={"description", "candidate"}, by_alias=True, exclude_none=True)


class InCall(Form):
    coffee: OpaqueId


class Connected(InCall):
    """`network` is the kind of connection the browser chose."""

    network: Literal["relay", "direct"] | None = None


class MoreTime(Form):
    """`times`: number of extensions in all, ten minutes each."""

    coffee: OpaqueId
    times: Annotated[int, Field(ge=1, le=MAX_EXTENSIONS)]


class Direct(Form):
    """Without a relay the others see this person's network address."""

    coffee: OpaqueId
    agree: bool


class Trouble(Form):
    coffee: OpaqueId
    kind: Literal["no_connection", "no_devices", "denied", "no_relay"]
