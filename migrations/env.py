"""Runs each migration on the three databases in turn, every one in a transaction of its own."""

from __future__ import annotations

from alembic import context

from app.storage.database import db

NAMES = ("", "issuing", "ballots")


def run() -> None:
    for name in NAMES:
        engine = db.engines[name or None].execution_options(writes=True)
        with engine.connect() as connection:
            context.configure(
                connection=connection,
                target_metadata=db.metadatas[name or None],
                upgrade_token=f"{name}_upgrades",
                downgrade_token=f"{name}_downgrades",
                compare_type=True,
            )
            with context.begin_transaction():
                context.run_migrations(engine_name=name)
            connection.commit()


run()
