"""signal reports stay as they are

Revision ID: 5d1f0c7be2a4
Revises: e2635217579f
"""

from alembic import op


revision = '5d1f0c7be2a4'
down_revision = 'e2635217579f'
branch_labels = None
depends_on = None

SQLITE = (
    "CREATE TRIGGER signal_report_frozen BEFORE UPDATE ON signal_report "
    "BEGIN SELECT RAISE(ABORT, 'a released report is immutable'); END",
    "CREATE TRIGGER signal_report_kept BEFORE DELETE ON signal_report "
    "BEGIN SELECT RAISE(ABORT, 'a released report is immutable'); END",
)
POSTGRESQL = (
    "CREATE TRIGGER signal_report_frozen BEFORE UPDATE OR DELETE ON signal_report "
    "FOR EACH ROW EXECUTE FUNCTION refuse_frozen()",
)
SQLITE_DOWN = ("DROP TRIGGER signal_report_frozen", "DROP TRIGGER signal_report_kept")
POSTGRESQL_DOWN = ("DROP TRIGGER signal_report_frozen ON signal_report",)


def upgrade(engine_name: str) -> None:
    {"": upgrade_office, "issuing": upgrade_issuing, "ballots": upgrade_ballots}[engine_name]()


def downgrade(engine_name: str) -> None:
    {"": downgrade_office, "issuing": downgrade_issuing, "ballots": downgrade_ballots}[engine_name]()


def upgrade_office() -> None:
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade_office() -> None:
    for statement in SQLITE_DOWN if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_DOWN:
        op.execute(statement)


def upgrade_issuing() -> None:
    pass


def downgrade_issuing() -> None:
    pass


def upgrade_ballots() -> None:
    pass


def downgrade_ballots() -> None:
    pass
