"""Those who act while things break: they say yes to coffees, take and give up places, pause and go on."""

import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPException

from typing_extensions import override

from events.core.jobs.queue import LEASE
from events.seed.run import PASSWORD
from tests.faults.action_checker import ActionHistory, Thing, find_faults
from tests.faults.chat_clients import TIMEOUT_SECONDS, Person, Room, wait_until
from tests.faults.scenario import LIVE, PEOPLE, SLUG, arrange, database_of, list_undone, live_of, read_stored
from tests.support.http_and_socket_client import Closed, Line, Member
from tests.support.processes import Ontmoet

LEASE_OVER = LEASE + timedelta(seconds=30)  # what a killed worker held is taken up again
BETWEEN = (0.05, 0.3)  # seconds between two actions
UNANSWERED = (OSError, HTTPException)


class _Stay(urllib.request.HTTPRedirectHandler):
    @override
    def redirect_request(self, *_arguments: object) -> None:
        """Where one is sent on to is the answer."""


class ActingClient(Person):
    """Does one thing after the other, each until it is answered, at any of the processes."""

    def __init__(self, member: Member, room: Room, seed: int, actions: ActionHistory) -> None:
        super().__init__(member, room, seed)
        self.actions = actions
        self.token = self._token()
        cookies = urllib.request.HTTPCookieProcessor(member.cookies)
        self.opener = urllib.request.build_opener(cookies, _Stay)

    @override
    def run(self) -> None:
        try:
            while not self.told.is_set():
                self.act()
                self.told.wait(self.chance.uniform(*BETWEEN))
        except BaseException as fault:
            self.died = fault
            raise

    def act(self) -> None:
        raise NotImplementedError

    def do(self, thing: Thing, value: str, path: str, **fields: str) -> int:
        """Until it is answered; the status of the answer."""
        self.actions.note_try(thing, value)
        while True:
            try:
                status = self.ask(path, {"csrf_token": self.token, **fields})
            except UNANSWERED:
                self.actions.note_unanswered()
            else:
                if status != 503:
                    return status
                self.actions.note_unavailable()
            self.told.wait(0.1)

    def ask(self, path: str, fields: dict[str, str]) -> int:
        web = self.chance.choice(self.room.webs)
        data = urllib.parse.urlencode(fields).encode()
        try:
            with self.opener.open(web.url + path, data=data, timeout=TIMEOUT_SECONDS) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            refused.close()
            return refused.code

    def look(self, path: str) -> str:
        """A page, once somebody shows it."""
        while True:
            try:
                return self.member.get(self.chance.choice(self.room.webs), path)
            except UNANSWERED as gone:
                if isinstance(gone, urllib.error.HTTPError) and gone.code != 503:
                    raise
            self.told.wait(0.1)

    def _token(self) -> str:
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.member.get(self.room.webs[0], "/"))
        assert found is not None
        return found[1]


class Guest(ActingClient):
    """Says yes to a coffee now and then, and otherwise takes a place or gives it up."""

    def __init__(self, name: str, coffees: list[str], room: Room, seed: int, actions: ActionHistory) -> None:
        super().__init__(Member(name, room.webs[0], PASSWORD), room, seed, actions)
        self.name_, self.coffees, self.coming = name, coffees, False

    @override
    def act(self) -> None:
        if self.coffees and self.chance.random() < 0.5:
            self.say_yes(self.coffees.pop())
        else:
            self.turn()

    def say_yes(self, coffee: str) -> None:
        thing = ("seat", coffee, self.name_)
        status = self.do(thing, "yes", f"/coffees/{coffee}/accept", version="1")
        if status == 303:
            self.actions.note_kept(thing, "yes")
        else:
            self.actions.note_refused(thing)
            if status not in {409, 422}:
                self.actions.note_fault(f"{status} to a yes")

    def turn(self) -> None:
        """A full evening is answered like a place taken; only the page says which it was."""
        thing, way = ("place", self.name_), "/withdraw" if self.coming else ""
        status = self.do(
            thing, "withdrawn" if self.coming else "coming", f"/livestreams/{SLUG}/registration{way}"
        )
        if status != 303:
            self.actions.note_fault(f"{status} to a place")
        now = "/registration/withdraw" in self.look(f"/livestreams/{SLUG}")
        if now == self.coming:
            self.actions.note_refused(thing)
        else:
            self.actions.note_kept(thing, "coming" if now else "withdrawn")
        self.coming = now


class Director(ActingClient):
    """Pauses and goes on."""

    paused = False

    @override
    def act(self) -> None:
        self.paused = not self.paused
        state, verb = ("paused", "pause") if self.paused else ("live", "resume")
        status = self.do(("state",), state, f"/livestreams/{LIVE}/{verb}")
        self.actions.note_kept(("state",), state)
        self.look(f"/livestreams/{LIVE}")  # reads the word about it, which else stays in the cookie
        if status != 303:
            self.actions.note_fault(f"{status} to a change of state")


class Watcher(Person):
    """An open page of the livestream: asks when it comes, follows what is newer, asks again when behind."""

    page: tuple[str, int] = ("", 0)

    @override
    def be_there(self, line: Line) -> None:
        self._ask(line)
        while not (self.told.is_set() or line.closed):
            for name, data in line.take("livestreams.state", "room.beat"):
                if name == "livestreams.state" and data["version"] > self.page[1]:
                    self.page = data["state"], data["version"]
                elif (
                    name == "room.beat" and data["room"] == self.room.name and data["version"] > self.page[1]
                ):
                    self._ask(line)
            line.rest(0.5)

    def _ask(self, line: Line) -> None:
        ack = line.send("presence.enter", livestream=LIVE)
        if not ack["ok"]:
            raise Closed  # another try, a little later
        self.page = ack["state"], ack["version"]


@contextmanager
def busy_people(room: Room, *, seed: int, kills: list[str]) -> Iterator[ActionHistory]:
    """Inside, people act. Afterwards everyone is let finish, all work is done, and the story must be true.

    `kills` is as long as there were kills.
    """
    web, actions = room.webs[0], ActionHistory()
    coffees, version = arrange(web, seed)
    guests = [Guest(name, coffees[name], room, seed + n, actions) for n, name in enumerate(PEOPLE[1:])]
    director = Director(Member("anna", web, PASSWORD), room, seed, actions)
    watchers = [Watcher(guest.member, room, ~seed - n) for n, guest in enumerate(guests[:2])]
    for person in [*guests, director, *watchers]:
        person.start()
    try:
        yield actions
    finally:
        for doer in [*guests, director]:
            doer.leave()
        pages = _last_pages(watchers, web)
        web.travel_to(web.now() + LEASE_OVER)
        wait_until(lambda: not still_undone(web), "the last job")
    assert actions.changes, "nothing was done, so this showed nothing"
    stored = read_stored(web, version)
    stored.pages = {f"page {n}": (state, at - version) for n, (state, at) in enumerate(pages)}
    faults = find_faults(actions, stored, len(kills))
    assert faults == [], "\n".join(faults[:60])


def _last_pages(watchers: list[Watcher], web: Ontmoet) -> list[tuple[str, int]]:
    """What each open page shows once it had the time to hear of everything."""
    with database_of(web) as db:
        version = live_of(db).version
    wait_until(lambda: all(one.page[1] >= version for one in watchers), "the last state")
    for one in watchers:
        one.leave()
    return [one.page for one in watchers]


def still_undone(web: Ontmoet) -> list[str]:
    with database_of(web) as db:
        return list_undone(db, web)
