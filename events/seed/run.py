"""Seeding: the order of the demo data, with all of its mails dropped."""

from flask import current_app
from sqlalchemy import func, select, update

from events.accounts.models import User
from events.core.config import ROOT, Settings
from events.core.db.session import unit_of_work
from events.core.jobs import queue
from events.core.mail.outgoing_mail import OutgoingMail
from events.core.media import files
from events.seed.coffees import sow_answers, sow_yes
from events.seed.drafts import sow_draft
from events.seed.livestreams import FILM, sow_evenings
from events.seed.people import sow_people
from events.seed.year import AlreadyThere, simulate
from events.seed.year.people import CIRCLE_NAME, OWNER
from events.seed.year.table import NOTES, funnel_table

PASSWORD = "koffie-koffie"  # noqa: S105 - only ever sown in development
SIGN_INS = f"""
The demo circle is ready. Sign in with password {PASSWORD} as
  anna@demo.test (owner), bram@demo.test, chris@demo.test, dana@demo.test (members),
  olga@demo.test (no member) or operator@demo.test
"""


class RealPeople(Exception):
    """The database holds people who are not of the demo; the message is one plain sentence."""


def sow(settings: Settings) -> str:
    """Sow what is missing and move what has aged; a second time changes only times. Returns the sign-ins.

    Raises RealPeople where somebody could be harmed: mails that wait are dropped here, and everybody who
    reads the README could sign in as an operator.
    """
    refuse_beside_real_people()
    _make_film()
    sow_people(PASSWORD)
    sow_evenings()
    sow_yes()
    _work_silently()
    sow_answers()
    _work_silently()
    sow_draft()
    _work_silently()
    return SIGN_INS


def sow_year(settings: Settings) -> str:
    """Simulate a year of a circle of its own, beside the demo circle; returns its funnel and the sign-in.

    Raises RealPeople. Twice is harmless: a year that is there stays as it is.
    """
    refuse_beside_real_people()
    _make_film()
    try:
        with current_app.test_request_context(base_url=settings.public_url):  # mails hold addresses
            months = simulate(PASSWORD).months
    except AlreadyThere:
        return f"The year is there already; sign in as {OWNER}."
    told = f"Its reports: sign in as {OWNER} with password {PASSWORD}, circle {CIRCLE_NAME}."
    return "\n".join((funnel_table(months), "", *NOTES, "", told))


def refuse_beside_real_people() -> None:
    """No mail reaches an address under .test, so nobody real has one."""
    with unit_of_work() as db:
        real = db.scalar(select(func.count(User.id)).where(User.email.not_like("%.test"))) or 0
    if real:
        raise RealPeople(f"This database holds {real} people who are not of the demo, so nothing was sown.")


def _make_film() -> None:
    files.make_test_film(ROOT / "static" / FILM.removeprefix("/static/").rpartition("/")[0])


def _work_silently() -> None:
    """Do what is due but drop every mail before its turn: the demo's past has no mails."""
    ran = 1
    while ran:
        with unit_of_work() as db:
            db.execute(update(OutgoingMail).where(OutgoingMail.state == "waiting").values(state="dropped"))
        ran = queue.run_due(limit=1, quiet=True)
