"""What can be done with rounds and with a yes."""

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
    "open_round",
    "publish_round",
    "reopen_yes",
    "say_yes",
    "went_after_all",
    "withdraw_member",
    "withdraw_yes",
]
