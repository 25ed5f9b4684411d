"""The doors of accounts: signing up, in and out, personal links, and everything about oneself."""

from events.accounts.views import keys, me, photo, reach
from events.accounts.views.entry import blueprint

__all__ = ["blueprint", "keys", "me", "photo", "reach"]
