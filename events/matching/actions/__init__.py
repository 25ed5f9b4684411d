"""What can be done with rounds and with a yes."""

from events.matching.actions.arranging import (
    lock_coffee,
    put_together,
    swap_people,
    take_apart,
    undo_change,
    write_note,
)
from events.matching.actions.drafting import (
    hold_back,
    make_draft,
    pair_anew,
    release_draft,
    renew_draft,
    store_run,
)
from events.matching.actions.luck import go_first, went_after_all
from events.matching.actions.publishing import publish_round
from events.matching.actions.rounds import begin_matching, close_round, end_round, extend_round, open_round
from events.matching.actions.saying import reopen_yes, say_yes, withdraw_member, withdraw_yes

__all__ = [
    "begin_matching",
    "close_round",
    "end_round",
    "extend_round",
    "go_first",
    "hold_back",
    "lock_coffee",
    "make_draft",
    "open_round",
    "pair_anew",
    "publish_round",
    "put_together",
    "release_draft",
    "renew_draft",
    "reopen_yes",
    "say_yes",
    "store_run",
    "swap_people",
    "take_apart",
    "undo_change",
    "went_after_all",
    "withdraw_member",
    "withdraw_yes",
    "write_note",
]
