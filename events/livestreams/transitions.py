"""One step of a livestream's state machine, as a conditional UPDATE that names its allowed source states.

Of two concurrent requests one takes effect; the other finds the step done, which is not an error.
"""

from sqlalchemy import update
from sqlalchemy.orm import Session

from events.core.errors import Conflict
from events.livestreams.models import Livestream
from events.livestreams.rules.states import STEPS, is_done


def take_step(db: Session, livestream: Livestream, step: str, **values: object) -> bool:
    """UPDATE guarded by the source states; returns False if already done."""
    if is_done(step, livestream.state):
        return False
    db.flush()
    change = (
        update(Livestream)
        .where(Livestream.id == livestream.id, Livestream.state.in_(STEPS[step].before))
        .values(state=STEPS[step].after, version=Livestream.version + 1, **values)
        .returning(Livestream.id)
        .execution_options(synchronize_session=False)
    )
    taken = db.scalar(change) is not None
    db.refresh(livestream, [column.key for column in Livestream.__mapper__.column_attrs])
    if not taken and not is_done(step, livestream.state):
        raise Conflict("wrong_state")
    return taken
