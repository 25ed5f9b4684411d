"""The demo circle: people, livestreams and coffees to look around in. Only in development."""

from events.core.config import Settings

PASSWORD = "koffie-koffie"  # noqa: S105 - only ever sown in development
SIGN_INS = f"""
Sign in with password {PASSWORD} as
  anna@demo.test (owner), bram@demo.test, chris@demo.test, dana@demo.test (members),
  olga@demo.test (no member) or operator@demo.test
"""


def sow(settings: Settings) -> None:
    """Sow what is missing and move what has aged."""
