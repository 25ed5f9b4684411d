"""Read batching: concurrent reads share a unit of work and are answered independently."""

from collections.abc import Callable, Iterator
from itertools import count

import gevent
import pytest
from sqlalchemy import Connection, delete, event, insert, select, text, update
from sqlalchemy.orm import Session

from events.accounts.models import MailChoice, User
from events.core.db import read_batch, session
from events.core.db.read_batch import Steps, memoise_reads, read_once, run_read
from events.core.db.session import WriteRefused, unit_of_work
from events.core.errors import Forbidden
from events.core.runtime import runtime
from events.livestreams.models import Livestream
from events.livestreams.queries import with_membership
from tests.factories.accounts import make_user
from tests.factories.stage import make_evening
from tests.support.cast import Cast
from tests.support.types import OpenSocket


@pytest.fixture
def batching(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "spawn", gevent.spawn)


@pytest.fixture
def transactions() -> Iterator[list[object]]:
    begun: list[object] = []

    def note(connection: Connection) -> None:
        begun.append(connection)

    event.listen(session.engine(), "begin", note)
    yield begun
    event.remove(session.engine(), "begin", note)


@pytest.fixture
def statements() -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(session.engine(), "before_cursor_execute", note)
    yield asked
    event.remove(session.engine(), "before_cursor_execute", note)


def nothing(_db: Session, _abouts: list[object]) -> None:
    pass


def together(*reads: Callable[[Session], Steps[object]]) -> list[object]:
    """What each read gave or raised, when all were asked in one turn of the loop."""

    def ask(read: Callable[[Session], Steps[object]]) -> object:
        try:
            return run_read(read, prefetch=nothing, about=None)
        except Exception as error:
            return type(error)

    greenlets = [gevent.spawn(ask, read) for read in reads]
    gevent.joinall(greenlets, timeout=10)
    return [one.value for one in greenlets]


def number(value: int) -> Callable[[Session], Steps[object]]:
    def read(rows: Session) -> Steps[object]:
        yield
        return rows.scalar(text(f"SELECT {value}"))

    return read


def refused(_rows: Session) -> Steps[object]:
    yield
    raise Forbidden


def broken(rows: Session) -> Steps[object]:
    rows.execute(text("SELECT nothing FROM nowhere"))
    yield
    return None


@pytest.mark.usefixtures("app", "batching")
def test_reads_of_one_turn_share_a_transaction(transactions: list[object]) -> None:
    assert together(*(number(value) for value in range(20))) == list(range(20))
    assert len(transactions) == 1


@pytest.mark.usefixtures("app", "batching")
def test_more_reads_than_one_unit_takes_are_all_answered(transactions: list[object]) -> None:
    count = read_batch.MAX_READS * 2 + 1
    assert together(*(number(value) for value in range(count))) == list(range(count))
    assert len(transactions) == 3


@pytest.mark.usefixtures("app", "batching")
def test_a_refused_read_leaves_the_others_their_answer() -> None:
    assert together(number(1), refused, number(2)) == [1, Forbidden, 2]


@pytest.mark.usefixtures("app", "batching")
def test_a_broken_statement_of_one_leaves_the_others_their_answer() -> None:
    first, fault, second = together(number(1), broken, number(2))
    assert (first, second) == (1, 2)
    assert fault not in {None, 1, 2}


def add(rows: Session, _user: User) -> None:
    make_user(rows, "Eva")


def change(_rows: Session, user: User) -> None:
    user.name = "Changed"


def delete_row(rows: Session, user: User) -> None:
    rows.delete(user)


def execute_update(rows: Session, user: User) -> None:
    rows.execute(update(User).where(User.id == user.id).values(name="Changed"))


def insert_returning(rows: Session, user: User) -> None:
    rows.scalar(insert(MailChoice).values(user_id=user.id, kind="x").returning(MailChoice.kind))


def delete_returning(rows: Session, user: User) -> None:
    rows.scalars(delete(User).where(User.id == user.id).returning(User.id))


@pytest.mark.usefixtures("batching")
@pytest.mark.parametrize(
    "write", [add, change, delete_row, execute_update, insert_returning, delete_returning]
)
@pytest.mark.parametrize("flushes", [True, False])
def test_a_read_that_writes_fails_alone_and_nothing_is_stored(
    cast: Cast, write: Callable[[Session, User], None], flushes: bool
) -> None:
    def writing(rows: Session) -> Steps[object]:
        yield
        write(rows, rows.get_one(User, cast.bram.id))
        if flushes:
            rows.flush()
        return "written"

    def names(rows: Session) -> Steps[object]:
        yield
        return sorted(rows.scalars(select(User.name)))

    before, fault, after = together(names, writing, names)
    assert fault is WriteRefused
    with unit_of_work() as rows:
        assert before == after == sorted(rows.scalars(select(User.name)))


def test_a_frame_that_only_reads_cannot_write(
    cast: Cast, open_socket: OpenSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(_db: Session, livestream: Livestream) -> dict[str, object]:
        livestream.title = "Changed"
        return {}

    with unit_of_work() as rows:
        slug = make_evening(rows, cast, state="live").slug
    monkeypatch.setattr(with_membership, "current_frame", write)
    assert open_socket(cast.bram).send("presence.enter", livestream=slug).status == 500
    with unit_of_work() as rows:
        assert rows.scalars(select(Livestream.title)).one() != "Changed"


@pytest.mark.usefixtures("app", "batching")
def test_all_have_entered_before_any_reads() -> None:
    entered: list[int] = []

    def read_of(name: int) -> Callable[[Session], Steps[object]]:
        def read(rows: Session) -> Steps[object]:
            entered.append(name)
            yield
            return read_once(rows, "room", lambda: tuple(entered))

        return read

    assert together(read_of(1), read_of(2), read_of(3)) == [(1, 2, 3)] * 3


@pytest.mark.usefixtures("app")
def test_without_an_event_loop_a_read_runs_alone() -> None:
    assert run_read(number(7), prefetch=nothing, about=None) == 7


@pytest.mark.usefixtures("batching")
def test_an_outsider_is_refused_among_concurrent_joins(cast: Cast, open_socket: OpenSocket) -> None:
    with unit_of_work() as rows:
        livestream: Livestream = make_evening(rows, cast, state="live", audience="members")
    people = [cast.bram, cast.olga, cast.chris, None, cast.anna]
    sockets = [gevent.spawn(open_socket, person) for person in people]
    gevent.joinall(sockets, timeout=10)
    asked = [
        gevent.spawn(one.value.send, frame, **about)
        for one in sockets
        for frame, about in (
            ("chat.enter", {"room": f"livestream:{livestream.slug}"}),
            ("presence.enter", {"livestream": livestream.slug}),
        )
    ]
    gevent.joinall(asked, timeout=10)
    statuses = [one.value.status for one in asked]
    assert statuses == [200, 200, 404, 404, 200, 200, 404, 404, 200, 200]


@pytest.mark.usefixtures("batching")
def test_forty_concurrent_joins_run_no_more_queries_than_four(
    cast: Cast, open_socket: OpenSocket, statements: list[str]
) -> None:
    with unit_of_work() as rows:
        slug = make_evening(rows, cast, state="live", audience="public").slug

    def join(count: int) -> int:
        sockets = [open_socket(cast.bram) for _ in range(count)]
        statements.clear()
        asked = [gevent.spawn(one.send, "chat.enter", room=f"livestream:{slug}") for one in sockets]
        gevent.joinall(asked, timeout=10)
        assert all(one.value.ok for one in asked)
        return len(statements)

    assert join(40) <= join(4)


def test_a_page_reads_once_until_something_is_flushed(cast: Cast) -> None:
    numbers = count(1)

    def number(db: Session) -> int:
        return read_once(db, "number", lambda: next(numbers))

    with unit_of_work() as db:
        assert [number(db), number(db)] == [1, 2], "an action reads again, since a lock may come between"
    with unit_of_work() as db:
        memoise_reads(db)
        assert [number(db), number(db)] == [3, 3]
        make_evening(db, cast)
        db.flush()
        assert number(db) == 4
