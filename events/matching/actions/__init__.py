"""What can be done with rounds, with a yes and with a nazit."""

from events.matching.actions.again import say_again
from events.matching.actions.apart import keep_apart, let_meet
from events.matching.actions.arranging import (
    count_try,
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
from events.matching.actions.nazit import clear_nazit_tab, enter_nazit, join_nazit, leave_nazit, open_nazit
from events.matching.actions.publishing import publish_round
from events.matching.actions.rounds import (
    begin_matching,
    close_round,
    end_round,
    extend_round,
    open_round,
    open_standalone,
)
from events.matching.actions.saying import (
    join_round,
    leave_round,
    reopen_yes,
    say_yes,
    withdraw_member,
    withdraw_yes,
)
from events.matching.actions.standing import (
    break_silence,
    end_pause,
    note_silence,
    pause_coffees,
    say_always,
    set_always,
)
from events.matching.actions.talks import begin_turn, end_turn, fill_turn

__all__ = [
    "begin_matching",
    "begin_turn",
    "break_silence",
    "clear_nazit_tab",
    "close_round",
    "count_try",
    "end_pause",
    "end_round",
    "end_turn",
    "enter_nazit",
    "extend_round",
    "fill_turn",
    "go_first",
    "hold_back",
    "join_nazit",
    "join_round",
    "keep_apart",
    "leave_nazit",
    "leave_round",
    "let_meet",
    "lock_coffee",
    "make_draft",
    "note_silence",
    "open_nazit",
    "open_round",
    "open_standalone",
    "pair_anew",
    "pause_coffees",
    "publish_round",
    "put_together",
    "release_draft",
    "renew_draft",
    "reopen_yes",
    "say_again",
    "say_always",
    "say_yes",
    "set_always",
    "store_run",
    "swap_people",
    "take_apart",
    "undo_change",
    "went_after_all",
    "withdraw_member",
    "withdraw_yes",
    "write_note",
]
