"""Marks one browser in its signed session cookie: links are bound to it, and limits count it by itself."""

import secrets as random

from flask import session

from events.core.auth.crypto import fingerprint
from events.core.network.client_network import current_network
from events.core.web.request import KNOWN_PEOPLE, PageRequest

MARK = "browser"
MAX_KNOWN_PEOPLE = 8
MAIL_RATE = "5 per hour"  # to one address, asked from one network or one known browser
MAIL_RATE_OF_ALL = "20 per hour"  # to one address, asked from all browsers it is not known in


def browser_mark() -> str:
    """The hash of a random token in this browser's cookie: what a link can be bound to. It is new after each
    sign-in, since the cookie starts anew."""
    if MARK not in session:
        session[MARK] = random.token_urlsafe(18)
    return fingerprint(session[MARK])[:40]


def is_known_here(user_id: str | None) -> bool:
    """Whether this person signed in in this browser before. The cookie is signed, so nobody can claim it."""
    return user_id is not None and user_id in session.get(KNOWN_PEOPLE, [])


def remember_here(user_id: str) -> None:
    """Note that this person signed in here; outlives signing out."""
    others = [known for known in session.get(KNOWN_PEOPLE, []) if known != user_id]
    session[KNOWN_PEOPLE] = [user_id, *others][:MAX_KNOWN_PEOPLE]


def limit_mail(req: PageRequest, email: str, user_id: str | None) -> None:
    """Nobody's mailbox is flooded through us, whether we know the address (as `user_id`'s) or not. A
    stranger's requests do not count against the browser in which its owner has signed in before."""
    if is_known_here(user_id):
        req.limit("mail to one address", MAIL_RATE, key=f"{email} {browser_mark()}")
    else:
        req.limit_network("mail asked from one address", "60 per hour")
        req.limit("mail to one address", MAIL_RATE, key=f"{email} {current_network()}")
        req.limit("mail to one address from all", MAIL_RATE_OF_ALL, key=email)
