"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade(engine_name: str) -> None:
    {"": upgrade_office, "issuing": upgrade_issuing, "ballots": upgrade_ballots}[engine_name]()


def downgrade(engine_name: str) -> None:
    {"": downgrade_office, "issuing": downgrade_issuing, "ballots": downgrade_ballots}[engine_name]()

% for key, name in (("", "office"), ("issuing", "issuing"), ("ballots", "ballots")):

def upgrade_${name}() -> None:
    ${context.get("%s_upgrades" % key, "pass")}


def downgrade_${name}() -> None:
    ${context.get("%s_downgrades" % key, "pass")}

% endfor
