"""What a mail that came in does."""

from events.replies.actions.intake import forget_old, move_on, set_apart, take_in

__all__ = ["forget_old", "move_on", "set_apart", "take_in"]
