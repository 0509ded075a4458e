"""True figures of groups: integer counts enter, scores, shares, spreads, agreement and reliability leave, unprotected."""

from app.core.scoring.agreement import Grouping, agreement, grouping
from app.core.scoring.association import correlation, item_rest
from app.core.scoring.reliability import Reliability, reliability
from app.core.scoring.scores import Shares, group_shares, scores, spreads

__all__ = [
    "Grouping",
    "Reliability",
    "Shares",
    "agreement",
    "correlation",
    "group_shares",
    "grouping",
    "item_rest",
    "reliability",
    "scores",
    "spreads",
]
