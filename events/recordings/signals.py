"""What happens to recordings."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RecordingReady:
    recording_id: str


@dataclass(frozen=True)
class RecordingAnnounced:
    """The organiser asked, by an explicit click, to tell people that it is ready."""

    recording_id: str
