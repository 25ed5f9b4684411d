"""Template function for the steps of a new circle, which stand on pages of several features."""

from events.circles.models import Circle
from events.core.web.pages import current_request
from events.pages.queries.first_steps import FirstSteps, first_steps_of


def first_steps(circle: Circle) -> FirstSteps | None:
    """For the team of a circle that published nothing yet."""
    req = current_request()
    return first_steps_of(req.db, req.actor, circle)
