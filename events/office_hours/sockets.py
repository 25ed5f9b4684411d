"""Frame of a page that shows office hours: follow those that its reader may take."""

from events.circles.queries.circles import membership_of
from events.core.auth.endpoints import Access
from events.core.realtime.frames import FrameRequest, Reply, frame
from events.livestreams.queries.livestreams import get_visible
from events.office_hours import policy
from events.office_hours.forms import FollowOfficeHours
from events.office_hours.queries import list_open, list_visible_offerers, room_of


@frame("office_hours.follow", FollowOfficeHours, who=Access.SIGNED_IN, keys=("livestream:watch",))
def follow(req: FrameRequest, data: FollowOfficeHours) -> Reply:
    """Enter before reading what is open: `open` has the ids of office hours by person.

    One room for each person, so that nobody hears of office hours that are kept from them.
    """
    req.limit("office_hours.follow", "60 per minute")
    livestream = get_visible(req.db, req.actor, data.livestream)
    membership = membership_of(req.db, req.actor, livestream.circle_id)
    if not policy.may_see(req.actor, livestream, membership):
        return {"open": {}}
    reader_id = req.actor.id
    offerers = list_visible_offerers(req.db, livestream, reader_id)
    for user_id in offerers:
        req.enter(room_of(livestream.id, user_id))
    return {"open": list_open(req.db, livestream, reader_id) if offerers else {}}
