"""What a mail that came in does."""

from events.replies.actions.intake import forget_old, move_on, set_apart, take_in
from events.replies.actions.returns import note_refusal

__all__ = ["forget_old", "move_on", "note_refusal", "set_apart", "take_in"]
