"""Every table in one place, so that migrations and tests see all of them."""

from events.accounts import models as accounts
from events.aftertalks import models as aftertalks
from events.availability import models as availability
from events.bookings import models as bookings
from events.calls import models as calls
from events.chat import models as chat
from events.circles import models as circles
from events.coffees import models as coffees
from events.companies import models as companies
from events.core.db.session import Base
from events.core.jobs import queue, worker
from events.core.mail import ledger, mailings, outgoing_mail
from events.core.ops import turn_check
from events.core.realtime import revocations
from events.feeds import models as feeds
from events.guests import models as guests
from events.handbooks import models as handbooks
from events.insights import models as insights
from events.livestreams import models as livestreams
from events.messages import models as messages
from events.office_hours import models as office_hours
from events.polls import models as polls
from events.presence import models as presence
from events.questions import models as questions
from events.quick_calls import models as quick_calls
from events.recordings import models as recordings
from events.registrations import models as registrations
from events.replies import models as replies
from events.rescue import models as rescue
from events.rounds import models as rounds
from events.welcomes import models as welcomes

metadata = Base.metadata
HOMES = (
    accounts, aftertalks, availability, bookings, calls, chat, circles, coffees, companies, feeds, guests,
    handbooks, insights,
    ledger, livestreams, mailings, messages, office_hours, outgoing_mail, polls, presence, questions, queue,
    quick_calls, recordings, registrations, replies, rescue, revocations, rounds, turn_check, welcomes,
    worker,
)  # fmt: skip
