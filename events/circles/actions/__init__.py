"""What can be done with circles, their members and their topics."""

from events.circles.actions.circle import (
    change_settings,
    create_circle,
    create_pending_circle,
    request_circle,
    send_circle_link,
)
from events.circles.actions.joining import (
    accept_invitation,
    ask_to_join,
    decide_request,
    invite_members,
    join_circle,
    withdraw_invitation,
)
from events.circles.actions.members import (
    change_role,
    leave_circle,
    let_back,
    remove_member,
    try_address_again,
)
from events.circles.actions.topics import add_topic, merge_topics, remove_topic, rename_topic, set_interests

__all__ = [
    "accept_invitation",
    "add_topic",
    "ask_to_join",
    "change_role",
    "change_settings",
    "create_circle",
    "create_pending_circle",
    "decide_request",
    "invite_members",
    "join_circle",
    "leave_circle",
    "let_back",
    "merge_topics",
    "remove_member",
    "remove_topic",
    "rename_topic",
    "request_circle",
    "send_circle_link",
    "set_interests",
    "try_address_again",
    "withdraw_invitation",
]
