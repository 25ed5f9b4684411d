"""Every table in one place, so that migrations and tests see all of them."""

from events.accounts import models as accounts
from events.availability import models as availability
from events.calls import models as calls
from events.chat import models as chat
from events.circles import models as circles
from events.coffees import models as coffees
from events.core import background, mail_ledger, mailings, outbox, queue, turn_check, worker
from events.core.db import Base
from events.feeds import models as feeds
from events.livestreams import models as livestreams
from events.matching import models as matching
from events.polls import models as polls
from events.presence import models as presence
from events.questions import models as questions
from events.recordings import models as recordings
from events.registrations import models as registrations
from events.replies import models as replies
from events.rescue import models as rescue

metadata = Base.metadata
HOMES = (
    accounts, availability, background, calls, chat, circles, coffees, feeds, livestreams, mail_ledger,
    mailings, matching, polls, outbox, presence, questions, queue, recordings, registrations, replies, rescue,
    turn_check, worker,
)  # fmt: skip
