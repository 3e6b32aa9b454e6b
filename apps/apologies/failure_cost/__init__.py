"""What failure cost and what the apologies for it bought: sums by cause, kind, product, carrier or team."""

from .dimensions import By, UnknownKey, read_key
from .incidents import Span, failures, sees_one_team
from .report import CostReport, CostRow, cost_report, names_of
from .rows import FailureRow, cost_rows, failures_with, newest_first
from .sums import AGAIN_DAYS, Money, Sums

__all__ = [
    "AGAIN_DAYS",
    "By",
    "CostReport",
    "CostRow",
    "FailureRow",
    "Money",
    "Span",
    "Sums",
    "UnknownKey",
    "cost_report",
    "cost_rows",
    "failures",
    "failures_with",
    "names_of",
    "newest_first",
    "read_key",
    "sees_one_team",
]
