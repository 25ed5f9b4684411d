"""Form model of the choice to welcome newcomers."""

from events.core.web.forms import Checkbox, Form


class WelcomeNewcomers(Form):
    welcomes: Checkbox = False
