"""The doors of livestreams: pages, and the switches of the desk."""

from events.livestreams.views import switches
from events.livestreams.views.pages import blueprint

__all__ = ["blueprint", "switches"]
