"""Two simulated years of one circle, with "From the evening to the coffee" switched on and off.

python -m bench.year
"""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from events.app import create_app
from events.core.config import Settings
from events.core.db import migrations
from events.core.db.session import engine
from events.seed.run import PASSWORD
from events.seed.year.assumptions import OFF, ON
from events.seed.year.funnel import Month, Months, total_of
from events.seed.year.run import Size, simulate
from events.seed.year.table import funnel_table, markdown, per, share

SHORT = Size(members=40, evenings=5, days=120)


def main() -> None:
    print(table())


def table(short: bool = False) -> str:
    """Both at once, each in a process and on a database of its own."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        on, off = pool.map(months_of, (True, False), (short, short))
    return "\n\n".join(
        (side_by_side(off, on), "With all of it, by month:", funnel_table(on), "Without:", funnel_table(off))
    )


def months_of(all_of_it: bool, short: bool) -> Months:
    with TemporaryDirectory() as home:
        settings = Settings(database_url=f"sqlite:///{Path(home)}/year.db", media_dir=Path(home))
        app = create_app(settings)
        with app.test_request_context(base_url=settings.public_url):
            migrations.upgrade()
            months = simulate(PASSWORD, ON if all_of_it else OFF, SHORT if short else Size()).months
        engine().dispose()
    return months


def side_by_side(off: Months, on: Months) -> str:
    head = ["a year of 120 members", "without", "with", "times"]
    before, after = total_of(off), total_of(on)
    rows = [[name, *_cells(before, after, name)] for name in COUNTS]
    rows += [
        [
            "a card has a reason beyond both there",
            *(share(one.with_reason, one.cards) for one in (before, after)),
            "",
        ],
        ["a card says they met before", *(share(one.met_before, one.cards) for one in (before, after)), ""],
        ["mails a member and month", *(_mails(one) for one in (off, on)), ""],
        ["most mails a member in a day", str(before.most_a_day), str(after.most_a_day), ""],
    ]
    return markdown([head, *rows])


COUNTS = {
    "yes to a round": "said_yes",
    "coffees proposed": "proposed",
    "confirmed": "confirmed",
    "conversations that took place": "took_place",
    "of these, told": "told",
    "conversations an evening": "took_place",
}


def _cells(before: Month, after: Month, name: str) -> list[str]:
    was, now = getattr(before, COUNTS[name]), getattr(after, COUNTS[name])
    times = f"{now / was:.2f}" if was else "-"
    if name.endswith("an evening"):
        return [per(was, before.evenings), per(now, after.evenings), times]
    return [f"{was:,}", f"{now:,}", times]


def _mails(months: Months) -> str:
    return per(sum(one.mails for one in months.values()), sum(one.members for one in months.values()))


if __name__ == "__main__":
    main()
