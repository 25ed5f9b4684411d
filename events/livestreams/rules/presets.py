"""Presets of the livestream form. Their English strings are translated per circle."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Preset:
    """A kind of livestream: duration in minutes, lead, agenda by minute, guests welcome or not."""

    minutes: int
    lead: str
    agenda: tuple[tuple[int, str], ...]
    guests: bool


def _(message: str) -> str:
    """Mark for extraction; translated later in the circle's language."""
    return message


PRESETS = {
    "session": Preset(
        minutes=60,
        lead=_("One subject from practice, with room for your questions."),
        agenda=(
            (0, _("Welcome, and who is here")),
            (5, _("The story from practice")),
            (35, _("Your questions")),
            (55, _("Closing question, a minute of silence, and coffee")),
        ),
        guests=True,
    ),
    "interview": Preset(
        minutes=45,
        lead=_("A conversation with one entrepreneur, and your questions to finish."),
        agenda=(
            (0, _("Welcome, and who is here")),
            (3, _("The conversation")),
            (30, _("Your questions")),
            (42, _("Closing question, a minute of silence, and coffee")),
        ),
        guests=True,
    ),
    "breakfast": Preset(
        minutes=30,
        lead=_("Start the day together: short news from the circle, then coffee."),
        agenda=(
            (0, _("Good morning, and who is here")),
            (5, _("News from the circle")),
            (20, _("Who is looking for what")),
            (27, _("Closing question, a minute of silence, and coffee")),
        ),
        guests=False,
    ),
}
