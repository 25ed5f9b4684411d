"""Jobs of the schedule: open a due lobby, end an overdue livestream, mark one that was never started,
announce evenings of a series; and delete pictures of livestreams that are gone.
"""

from datetime import timedelta

from flask import current_app

from events.core.auth.actor import SYSTEM
from events.core.config import Settings
from events.core.db.session import unit_of_work
from events.core.jobs.queue import job
from events.livestreams.actions import endings, series, transitions
from events.livestreams.queries.endings import list_lapsed_ids
from events.livestreams.queries.livestreams import find_livestream
from events.livestreams.queries.plans import list_due_to_announce
from events.livestreams.queries.share_images import delete_pictures, list_drawn_ids, select_existing


@job()
def open_lobby_when_due(livestream_id: str) -> None:
    """May run early, late or twice; the action checks whether it is due."""
    with unit_of_work() as db:
        livestream = find_livestream(db, livestream_id)
        if livestream is not None:
            transitions.open_lobby(db, SYSTEM, livestream)


@job(every=timedelta(minutes=1))
def follow_up_plans() -> None:
    """May run twice; each action looks again whether it is due, under a lock."""
    with unit_of_work() as db:
        lapsed = list_lapsed_ids(db)
    for livestream_id in lapsed:
        with unit_of_work() as db:
            livestream = find_livestream(db, livestream_id)
            if livestream is not None and not endings.end_by_itself(db, SYSTEM, livestream):
                endings.mark_missed(db, SYSTEM, livestream)


@job(every=timedelta(minutes=1))
def announce_evenings() -> None:
    """May run late or twice; each evening is looked at again under a lock."""
    with unit_of_work() as db:
        due = list_due_to_announce(db)
    for livestream_id in due:
        with unit_of_work() as db:
            livestream = find_livestream(db, livestream_id)
            if livestream is not None:
                series.announce_when_due(db, SYSTEM, livestream)


@job(every=timedelta(days=1))
def sweep_pictures() -> None:
    """The files are listed before the rows, so that a new livestream keeps its pictures."""
    settings: Settings = current_app.config["SETTINGS"]
    drawn = list_drawn_ids(settings.media_dir)
    with unit_of_work(read_only=True) as db:
        there = select_existing(db, drawn)
    delete_pictures(settings.media_dir, drawn - there)
