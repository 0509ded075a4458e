"""Guards rows that may not change: in the mapper, in bulk statements, and by triggers in the database itself."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import ORMExecuteState, Session

from app.core.lifecycle import FROZEN_FROM, State, is_frozen

PLAN_COLUMNS = ("organisation_id", "kind", "plan", "plan_digest", "confirmed_digest", "previous_id")


class Frozen(ValueError):
    """Somebody tried to change what was frozen when the scan opened, or a release."""


_GUARDED = {"scan", "release"}


def guard_rows(model: type[Any]) -> None:
    """Rows of this model are never updated or deleted through it, nor in bulk."""
    table = str(model.__tablename__)
    _GUARDED.add(table)
    words = (
        "a release can't be changed; publish a new edition"
        if table == "release"
        else f"a row of {table} is added and never changed"
    )

    def refuse(_mapper: Any, _connection: Any, _row: Any) -> None:
        raise Frozen(words)

    event.listen(model, "before_update", refuse)
    event.listen(model, "before_delete", refuse)


def guard_published(model: type[Any]) -> None:
    """Rows of this model are changed and deleted until `published_at` was set, then never."""
    _GUARDED.add(str(model.__tablename__))

    def refuse(_mapper: Any, _connection: Any, row: Any) -> None:
        state = inspect(row).attrs.published_at.history
        before = state.deleted[0] if state.deleted else state.unchanged[0] if state.unchanged else None
        if before is not None:
            raise Frozen("what was published stays as it is; publish a new version")

    event.listen(model, "before_update", refuse)
    event.listen(model, "before_delete", refuse)


def guard_plan(model: type[Any]) -> None:
    """From opening on, the plan columns keep their values, the state only moves forward, and the row stays."""

    def check(_mapper: Any, _connection: Any, row: Any) -> None:
        state = inspect(row).attrs.state.history
        before = State(state.deleted[0]) if state.deleted else State(row.state)
        if not is_frozen(before):
            return
        order = list(State)
        if order.index(State(row.state)) < order.index(before):
            raise Frozen(f"a scan only moves forward; {before} can't become {row.state}")
        for column in PLAN_COLUMNS:
            if inspect(row).attrs[column].history.has_changes():
                raise Frozen(f"{column} was frozen when the scan opened and can't be changed")

    def keep(_mapper: Any, _connection: Any, row: Any) -> None:
        if is_frozen(State(row.state)):
            raise Frozen("a scan that was opened can't be removed")

    event.listen(model, "before_update", check)
    event.listen(model, "before_delete", keep)


@event.listens_for(Session, "do_orm_execute")
def _no_bulk_changes(state: ORMExecuteState) -> None:
    """Bulk UPDATE and DELETE statements pass mapper events by, so they are refused for guarded tables."""
    if not (state.is_update or state.is_delete):
        return
    for mapper in state.all_mappers:
        if getattr(mapper.local_table, "name", "") in _GUARDED:
            raise Frozen(
                f"rows of {getattr(mapper.local_table, 'name', 'a table')} are changed one by one, never in bulk"
            )


_STAYS = "what the board said stays"
# name, act, table, when
_BOARD = (
    ("board_version_frozen", "UPDATE", "board_update_version", "OLD.published_at IS NOT NULL"),
    ("board_version_kept", "DELETE", "board_update_version", "OLD.published_at IS NOT NULL"),
    ("board_remark_frozen", "UPDATE", "board_remark", ""),
    ("board_remark_kept", "DELETE", "board_remark", ""),
    (
        "board_update_back",
        "UPDATE",
        "board_update",
        "NEW.version < OLD.version OR (OLD.withdrawn AND NOT NEW.withdrawn)",
    ),
    ("board_update_kept", "DELETE", "board_update", "OLD.version > 0"),
)


def board_trigger_statements(dialect: str) -> list[str]:
    """DDL for the migration that freezes what the board said: published versions, remarks, and that an update was there."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} {f'WHEN {when} ' if when else ''}"
            f"BEGIN SELECT RAISE(ABORT, '{_STAYS}'); END"
            for name, act, table, when in _BOARD
        ]
    return [
        "CREATE FUNCTION refuse_said() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_STAYS}'; END $$",
        *(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW "
            f"{f'WHEN ({when}) ' if when else ''}EXECUTE FUNCTION refuse_said()"
            for name, act, table, when in _BOARD
        ),
    ]


def board_triggers_gone(dialect: str) -> list[str]:
    """DDL that takes them away again."""
    where = " ON {}" if dialect != "sqlite" else ""
    dropped = [f"DROP TRIGGER {name}{where.format(table)}" for name, _, table, _ in _BOARD]
    return dropped if dialect == "sqlite" else [*dropped, "DROP FUNCTION refuse_said()"]


def trigger_statements(dialect: str) -> list[str]:
    """DDL that makes the database itself refuse, for the migration that creates the tables."""
    open_states = ", ".join(f"'{state}'" for state in list(State)[list(State).index(FROZEN_FROM) :])
    if dialect == "sqlite":
        changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in PLAN_COLUMNS)
        return [
            f"CREATE TRIGGER scan_frozen BEFORE UPDATE ON scan WHEN OLD.state IN ({open_states}) AND "
            f"({changed} OR NEW.state NOT IN ({open_states})) "
            "BEGIN SELECT RAISE(ABORT, 'frozen when the scan opened'); END",
            f"CREATE TRIGGER scan_kept BEFORE DELETE ON scan WHEN OLD.state IN ({open_states}) "
            "BEGIN SELECT RAISE(ABORT, 'a scan that was opened stays'); END",
            "CREATE TRIGGER release_frozen BEFORE UPDATE ON release BEGIN SELECT RAISE(ABORT, 'a release is immutable'); END",
            "CREATE TRIGGER release_kept BEFORE DELETE ON release BEGIN SELECT RAISE(ABORT, 'a release is immutable'); END",
        ]
    changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in PLAN_COLUMNS)
    return [
        "CREATE FUNCTION refuse_frozen() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'frozen when the scan opened'; END $$",
        f"CREATE TRIGGER scan_frozen BEFORE UPDATE ON scan FOR EACH ROW WHEN (OLD.state IN ({open_states}) AND "
        f"({changed} OR NEW.state NOT IN ({open_states}))) EXECUTE FUNCTION refuse_frozen()",
        f"CREATE TRIGGER scan_kept BEFORE DELETE ON scan FOR EACH ROW WHEN (OLD.state IN ({open_states})) "
        "EXECUTE FUNCTION refuse_frozen()",
        "CREATE TRIGGER release_frozen BEFORE UPDATE OR DELETE ON release FOR EACH ROW EXECUTE FUNCTION refuse_frozen()",
    ]
