"""The demo circle: people, livestreams and coffees to look around in. Only in development."""

from events.seed.run import PASSWORD, RealPeople, sow

SIGN_INS = f"""
The demo circle is ready. Sign in with password {PASSWORD} as
  anna@demo.test (owner), bram@demo.test, chris@demo.test, dana@demo.test (members),
  olga@demo.test (no member) or operator@demo.test
"""

__all__ = ["PASSWORD", "SIGN_INS", "RealPeople", "sow"]
