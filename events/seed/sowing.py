"""What is sown, in which order, and that nothing of it reaches anyone by mail."""

from sqlalchemy import update

from events.core import media, queue
from events.core.config import ROOT, Settings
from events.core.db import unit_of_work
from events.core.mail import OutgoingMail
from events.seed.drafts import sow_draft
from events.seed.evenings import FILM, sow_evenings
from events.seed.people import sow_people
from events.seed.talks import sow_answers, sow_yes

PASSWORD = "koffie-koffie"  # noqa: S105 - only ever sown in development


def sow(settings: Settings) -> None:
    """Sow what is missing and move what has aged; a second time changes only times."""
    media.make_test_film(ROOT / "static" / FILM.removeprefix("/static/").rpartition("/")[0])
    sow_people(PASSWORD)
    sow_evenings()
    sow_yes()
    _work_silently()
    sow_answers()
    _work_silently()
    sow_draft()
    _work_silently()


def _work_silently() -> None:
    """Do what is due but drop every mail before its turn: the demo's past has no mails."""
    ran = 1
    while ran:
        with unit_of_work() as db:
            db.execute(update(OutgoingMail).where(OutgoingMail.state == "waiting").values(state="dropped"))
        ran = queue.run_due(limit=1)
