"""Reads of the reports; they see all and change nothing."""

from events.insights.queries.months import Month, count_unlucky, month_of
from events.insights.queries.report import HEIGHT, NAMES_A_PAGE, WIDTH, Numbers, Report, report_of

__all__ = [
    "HEIGHT",
    "NAMES_A_PAGE",
    "WIDTH",
    "Month",
    "Numbers",
    "Report",
    "count_unlucky",
    "month_of",
    "report_of",
]
