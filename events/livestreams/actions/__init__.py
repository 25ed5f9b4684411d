"""What can be done with a livestream."""

from events.livestreams.actions.planning import create_livestream, edit_livestream
from events.livestreams.actions.switches import (
    begin_next_item,
    cancel_livestream,
    close_lobby,
    end_livestream,
    hide_replay,
    open_lobby,
    pause_livestream,
    publish_livestream,
    resume_livestream,
    return_to_lobby,
    show_replay,
    start_livestream,
    switch_nazit,
)

__all__ = [
    "begin_next_item",
    "cancel_livestream",
    "close_lobby",
    "create_livestream",
    "edit_livestream",
    "end_livestream",
    "hide_replay",
    "open_lobby",
    "pause_livestream",
    "publish_livestream",
    "resume_livestream",
    "return_to_lobby",
    "show_replay",
    "start_livestream",
    "switch_nazit",
]
