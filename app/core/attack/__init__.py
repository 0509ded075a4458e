"""The attacker: published releases enter, what somebody could work out from them leaves.

It shares with the protector only the description of what was published, and neither imports the other.
"""

from app.core.attack.attacking import attack
from app.core.attack.published import Published, Truth
from app.core.attack.report import Finding, Report

__all__ = ["Finding", "Published", "Report", "Truth", "attack"]
