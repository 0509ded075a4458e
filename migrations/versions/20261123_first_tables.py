"""first tables

Revision ID: cec3fe498778
Revises:
"""

import sqlalchemy as sa
from alembic import op

from app.storage.office import frozen


revision = "cec3fe498778"
down_revision = None
branch_labels = None
depends_on = None


def upgrade(engine_name: str) -> None:
    {"": upgrade_office, "issuing": upgrade_issuing, "ballots": upgrade_ballots}[engine_name]()


def downgrade(engine_name: str) -> None:
    {"": downgrade_office, "issuing": downgrade_issuing, "ballots": downgrade_ballots}[engine_name]()


def upgrade_office() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email"),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("settings_json", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slug"),
    )
    op.create_table(
        "throttle",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("scan", sa.String(length=16), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("who", sa.String(length=254), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_audit_organisation_id"), "audit", ["organisation_id"], unique=False)
    op.create_table(
        "mailed_link",
        sa.Column("token", sa.LargeBinary(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=12), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("roles", sa.String(length=120), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
        ),
        sa.PrimaryKeyConstraint("token"),
    )
    op.create_table(
        "membership",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
        ),
        sa.PrimaryKeyConstraint("account_id", "organisation_id", "role"),
    )
    op.create_table(
        "scan",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("plan_digest", sa.String(length=64), nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("checklist", sa.Text(), nullable=False),
        sa.Column("confirmed_digest", sa.String(length=64), nullable=False),
        sa.Column("confirmed_by", sa.String(length=254), nullable=False),
        sa.Column("previous_id", sa.String(length=16), nullable=True),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("promise_on", sa.Date(), nullable=True),
        sa.Column("destroy_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["previous_id"],
            ["scan.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_scan_organisation_id"), "scan", ["organisation_id"], unique=False)
    op.create_table(
        "sign_in",
        sa.Column("token", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
        ),
        sa.PrimaryKeyConstraint("token"),
    )
    op.create_index(op.f("ix_sign_in_account_id"), "sign_in", ["account_id"], unique=False)
    op.create_table(
        "release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scan_id", sa.String(length=16), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("released_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["scan_id"],
            ["scan.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("scan_id", "edition"),
    )
    op.create_index(op.f("ix_release_scan_id"), "release", ["scan_id"], unique=False)
    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("scan_id", sa.String(length=16), nullable=True),
        sa.Column("act", sa.String(length=24), nullable=False),
        sa.Column("by", sa.String(length=254), nullable=False),
        sa.Column("argument", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["scan_id"],
            ["scan.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_task_organisation_id"), "task", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_task_scan_id"), "task", ["scan_id"], unique=False)

    for statement in frozen.trigger_statements(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade_office() -> None:
    op.drop_index(op.f("ix_task_scan_id"), table_name="task")
    op.drop_index(op.f("ix_task_organisation_id"), table_name="task")
    op.drop_table("task")
    op.drop_index(op.f("ix_release_scan_id"), table_name="release")
    op.drop_table("release")
    op.drop_index(op.f("ix_sign_in_account_id"), table_name="sign_in")
    op.drop_table("sign_in")
    op.drop_index(op.f("ix_scan_organisation_id"), table_name="scan")
    op.drop_table("scan")
    op.drop_table("membership")
    op.drop_table("mailed_link")
    op.drop_index(op.f("ix_audit_organisation_id"), table_name="audit")
    op.drop_table("audit")
    op.drop_table("throttle")
    op.drop_table("organisation")
    op.drop_table("account")


def upgrade_issuing() -> None:
    op.create_table(
        "open_link",
        sa.Column("mark", sa.LargeBinary(length=32), nullable=False),
        sa.Column("scan", sa.String(length=16), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("mark"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "printing",
        sa.Column("scan", sa.String(length=16), nullable=False),
        sa.Column("stratum", sa.Integer(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("printed", sa.Integer(), nullable=False),
        sa.Column("reserve", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("scan", "stratum", "run"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "slip",
        sa.Column("mark", sa.LargeBinary(length=32), nullable=False),
        sa.Column("scan", sa.String(length=16), nullable=False),
        sa.Column("stratum", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("mark"),
        sqlite_with_rowid=False,
    )


def downgrade_issuing() -> None:
    op.drop_table("slip")
    op.drop_table("printing")
    op.drop_table("open_link")


def upgrade_ballots() -> None:
    op.create_table(
        "ballot",
        sa.Column("scan", sa.String(length=16), nullable=False),
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("stratum", sa.Integer(), nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("scan", "key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "comment",
        sa.Column("scan", sa.String(length=16), nullable=False),
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("scan", "key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "dataset",
        sa.Column("scan", sa.String(length=16), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("block", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("scan", "part"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "intake",
        sa.Column("scan", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("scan"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mixing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pending", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "receipt",
        sa.Column("scan", sa.String(length=16), nullable=False),
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("scan", "key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "spent",
        sa.Column("scan", sa.String(length=16), nullable=False),
        sa.Column("mark", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("scan", "mark"),
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO mixing (id, pending) VALUES (1, 0)")


def downgrade_ballots() -> None:
    op.drop_table("spent")
    op.drop_table("receipt")
    op.drop_table("mixing")
    op.drop_table("intake")
    op.drop_table("dataset")
    op.drop_table("comment")
    op.drop_table("ballot")
