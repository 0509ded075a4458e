"""True figures of groups: integer counts enter, scores, shares, spreads and reliability leave, unprotected."""

from app.core.scoring.reliability import Reliability, reliability
from app.core.scoring.scores import Shares, group_shares, scores, spreads

__all__ = ["Reliability", "Shares", "group_shares", "reliability", "scores", "spreads"]
