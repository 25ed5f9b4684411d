"""Signals of recordings."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RecordingReady:
    recording_id: str


@dataclass(frozen=True)
class RecordingAnnounced:
    """A director asked to mail people that the recording is ready."""

    recording_id: str
