"""Discrete-event loop: moves the clock from one due job or act of a person to the next."""

import heapq
from collections import Counter
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from sqlalchemy import func, select

from events.core.db.session import unit_of_work
from events.core.errors import Refused
from events.core.jobs.queue import Job, JobType, Lane, job_types, run_due
from events.core.runtime import runtime, system_time

Act = Callable[[], None]
LANES_OF_SERVERS = {Lane.MAILBOX, Lane.CALENDARS}  # they read other servers
OFTEN = timedelta(hours=6)  # periodic jobs below it run only while an evening is on
EVENING_STEP = timedelta(minutes=5)
DAY = timedelta(days=1)


class Timeline:
    """The clock of the simulation. Mails come in through `took`, in the order in which they were sent."""

    def __init__(self, start: datetime, skipped: Collection[Callable[..., None]] = ()) -> None:
        self.now = start
        self.refused: Counter[str] = Counter()
        self._acts: list[tuple[datetime, int, Act]] = []
        self._number = 0
        self._mails: list[tuple[str, str, str]] = []
        self._skipped = skipped

    def at(self, moment: datetime, act: Act) -> None:
        self._number += 1
        heapq.heappush(self._acts, (max(moment, self.now), self._number, act))

    def after(self, delay: timedelta, act: Act) -> None:
        self.at(self.now + delay, act)

    def run(self, until: datetime, took: Callable[[str, str, str], None]) -> None:
        """Until then, with mail taken over and jobs that are daily run at night."""
        runtime.clock, runtime.take_mail = lambda: self.now, lambda *mail: self._mails.append(mail)
        try:
            self._repeat_daily(until)
            while self._step(until):
                mails, self._mails = self._mails, []
                for mail in mails:
                    took(*mail)
        finally:
            runtime.clock, runtime.take_mail = system_time, None

    def watch(self, since: datetime, until: datetime) -> None:
        """Run the frequent periodic jobs of that time, as often as evenings need it."""
        moment = since
        while moment <= until:
            self.at(moment, lambda: self._run_periodic(often=True))
            moment += EVENING_STEP

    def _step(self, until: datetime) -> bool:
        due = _next_job()
        first = self._acts[0][0] if self._acts else None
        soonest = min((one for one in (due, first) if one is not None), default=None)
        if soonest is None or soonest > until:
            return False
        self.now = max(self.now, soonest)
        if first is None or (due is not None and due <= first):
            run_due(quiet=True)
        else:
            self._act(heapq.heappop(self._acts)[2])
        return True

    def _act(self, act: Act) -> None:
        """A refusal is what a person would read on the page; it is counted, and life goes on."""
        try:
            act()
        except Refused as refused:
            self.refused[refused.code] += 1

    def _repeat_daily(self, until: datetime) -> None:
        moment = self.now.replace(hour=2, minute=0) + DAY
        while moment < until:
            self.at(moment, lambda: self._run_periodic(often=False))
            moment += DAY

    def _run_periodic(self, *, often: bool) -> None:
        for one in list(job_types.values()):
            if one.every is not None and self._takes(one) and (one.every < OFTEN) == often:
                one.work()

    def _takes(self, one: JobType) -> bool:
        return one.lane not in LANES_OF_SERVERS and one.work not in self._skipped


def _next_job() -> datetime | None:
    with unit_of_work(read_only=True) as db:
        return db.scalar(select(func.min(Job.due_at)).where(Job.state == "waiting"))
