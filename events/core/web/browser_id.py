"""Browser identity in the signed session cookie: sign-in links are bound to it, and mail is limited
per browser.
"""

import secrets as random

from flask import session

from events.core.auth.crypto import fingerprint
from events.core.network.client_network import current_network
from events.core.web.request import KNOWN_PEOPLE, PageRequest

MARK = "browser"
MAX_KNOWN_PEOPLE = 8
MAIL_RATE = "5 per hour"  # to one address, per network or known browser
MAIL_RATE_OF_ALL = "20 per hour"  # to one address, from all unknown browsers together


def browser_mark() -> str:
    """Hash of a random token in this browser's cookie, to bind links to. Changes at each sign-in,
    when the session starts anew.
    """
    if MARK not in session:
        session[MARK] = random.token_urlsafe(18)
    return fingerprint(session[MARK])[:40]


def is_known_here(user_id: str | None) -> bool:
    """Whether this person signed in in this browser before. The cookie is signed, so it cannot be
    forged.
    """
    return user_id is not None and user_id in session.get(KNOWN_PEOPLE, [])


def remember_here(user_id: str) -> None:
    """Record that this person signed in in this browser; outlives signing out."""
    others = [known for known in session.get(KNOWN_PEOPLE, []) if known != user_id]
    session[KNOWN_PEOPLE] = [user_id, *others][:MAX_KNOWN_PEOPLE]


def limit_mail(req: PageRequest, email: str, user_id: str | None) -> None:
    """Limit mail to one address, whether it belongs to an account (`user_id`) or not. Requests of
    others do not count against a browser in which its owner has signed in.
    """
    if is_known_here(user_id):
        req.limit("mail to one address", MAIL_RATE, key=f"{email} {browser_mark()}")
    else:
        req.limit_network("mail asked from one address", "60 per hour")
        req.limit("mail to one address", MAIL_RATE, key=f"{email} {current_network()}")
        req.limit("mail to one address from all", MAIL_RATE_OF_ALL, key=email)
