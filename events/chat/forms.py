"""Models of the chat frames and of the chat forms on pages."""

from typing import Annotated

from pydantic import Field, StringConstraints

from events.core.web.forms import Form, OpaqueId, line

MAX_BODY_LENGTH = 2000
RoomName = Annotated[str, StringConstraints(pattern=r"^[a-z]{1,20}:[a-z0-9][a-z0-9-]{0,99}$")]
ClientId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
Seq = Annotated[int, Field(ge=0, le=2**31 - 1)]
Body = Annotated[str, line(MAX_BODY_LENGTH)]


class Enter(Form):
    """`after` reads forward from an entry, `before` backward from one; with neither, the newest."""

    room: RoomName
    after: Seq | None = None
    before: Seq | None = None


class Leave(Form):
    room: RoomName


class Post(Form):
    room: RoomName
    client_id: ClientId
    body: Body
    reply_to: Seq | None = None


class Edit(Form):
    room: RoomName
    seq: Seq
    body: Body


class Delete(Form):
    room: RoomName
    seq: Seq


class Pin(Form):
    room: RoomName
    seq: Seq
    pinned: bool = True


class Mute(Form):
    room: RoomName
    user: OpaqueId


class Seen(Form):
    """`seq`: the newest entry that was on the reader's screen."""

    room: RoomName
    seq: Seq


class PostFromPage(Form):
    """A message from a page's form; the URL names the room."""

    client_id: ClientId
    body: Body
    reply_to: Seq | None = None


class History(Form):
    after: Seq | None = None
    before: Seq | None = None
