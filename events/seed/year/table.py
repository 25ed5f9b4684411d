"""Tables of a simulated year as text: its funnel by month, and two years side by side; pure."""

from collections.abc import Sequence

from events.seed.year.funnel import Month, Months, total_of

HEAD = (
    "month", "evenings", "asked", "said yes", "proposed", "confirmed", "took place", "told",
    "by call", "quick calls", "welcomes", "worth it",
    "a reason", "met before", "mails a member", "most a day",
)  # fmt: skip
NOTES = (
    "Asked: by mail. Took place: in the simulation; told: of these, by somebody afterwards; by call: known",
    "by the call alone. Quick calls and welcomes: coffees without a round that took place.",
    "Worth it: of the answers. A reason: cards with one beyond both having been there. Met before: cards",
    "that say so. Most a day: to one member, beside mails about their own coffee and answers to their acts.",
)


def funnel_table(months: Months) -> str:
    """In Markdown, which also reads in a terminal."""
    rows = [_row(f"{first:%Y-%m}", one, one.members) for first, one in months.items()]
    total = total_of(months)
    members = sum(one.members for one in months.values())
    rows.append(_row("all", total, members))
    return markdown([list(HEAD), *rows])


def markdown(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "-"


def per(part: int, whole: int) -> str:
    return f"{part / whole:.1f}" if whole else "-"


def _row(name: str, one: Month, members: int) -> list[str]:
    counts = (
        one.evenings, one.asked, one.said_yes, one.proposed, one.confirmed, one.took_place, one.told,
        one.by_call, one.quick_calls, one.welcomes,
    )  # fmt: skip
    return [
        name,
        *map(str, counts),
        share(one.worth_it, one.answered),
        share(one.with_reason, one.cards),
        share(one.met_before, one.cards),
        per(one.mails, members),
        str(one.most_a_day),
    ]
