"""Who may do what: one table of acts and roles, asked by pages, services and the command line alike."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    ADVISER = "adviser"
    COORDINATOR = "coordinator"
    MANAGER = "manager"
    WORKS_COUNCIL = "works-council"
    ADMINISTRATOR = "administrator"


_A, _C, _M, _W, _D = Role.ADVISER, Role.COORDINATOR, Role.MANAGER, Role.WORKS_COUNCIL, Role.ADMINISTRATOR
EVERYONE = frozenset(Role)

ACTS: dict[str, frozenset[Role]] = {
    "see-scans": frozenset({_A, _C, _W}),
    "plan-scan": frozenset({_C}),
    "confirm-scan": frozenset({_W}),
    "open-scan": frozenset({_C}),
    "extend-scan": frozenset({_C}),
    "print-slips": frozenset({_A, _W}),
    "print-slips-by-choice": frozenset({_A, _W, _C}),
    "replace-link": frozenset({_A}),
    "seal-scan": frozenset({_C}),
    "release-scan": frozenset({_C}),
    "correct-release": frozenset({_C}),
    "rehearse-scan": frozenset({_C, _W}),
    "attack-release": frozenset({_A, _C, _W}),
    "map-units": frozenset({_C}),
    "archive-scan": frozenset({_C}),
    "read-results": frozenset({_A, _C, _M, _W}),
    "keep-signals": frozenset({_A}),
    "review-comments": frozenset({_A}),
    "admit-first-adviser": frozenset({_W}),
    "release-report": frozenset({_A}),
    "read-reports": frozenset({_A, _C, _M, _W}),
    "give-advice": frozenset({_A}),
    "answer-advice": frozenset({_C, _M}),
    "read-advice": frozenset({_A, _C, _M, _W}),
    "hold-consultation": frozenset({_A, _C, _M}),
    "agree-sharing": frozenset({_A, _M}),
    "post-update": frozenset({_A, _C, _M}),
    "change-any-update": frozenset({_A, _C}),
    "approve-update": frozenset({_A, _C, _M}),
    "remark-update": frozenset({_A}),
    "read-drafts": frozenset({_A, _C, _M}),
    "set-board": frozenset({_C}),
    "postpone-results": frozenset({_C}),
    "see-measures": frozenset({_A, _C, _M, _W}),
    "make-team-talk": frozenset({_A, _C, _M}),
    "record-decision": frozenset({_C, _M}),
    "edit-organisation": frozenset({_C, _D}),
    "edit-help": frozenset({_A, _C, _D}),
    "invite-colleague": frozenset({_C, _D}),
    "change-roles": frozenset({_D}),
    "reset-second-factor": frozenset({_D}),
    "read-audit": frozenset({_W, _D}),
}


# Who runs the server confirms nothing, and neither reads nor speaks for advisers.
NOT_AT_COMMAND_LINE = frozenset(
    {
        "confirm-scan",
        "keep-signals",
        "review-comments",
        "admit-first-adviser",
        "release-report",
        "give-advice",
        "answer-advice",
        "record-decision",
        "hold-consultation",
        "agree-sharing",
        "post-update",
        "change-any-update",
        "remark-update",
        "approve-update",
    }
)


@dataclass(frozen=True)
class Actor:
    """Who does it: an account with its roles in one organisation, the command line, or the product itself."""

    name: str
    organisation: int
    roles: frozenset[Role]
    account: int | None = None
    command_line: bool = False
    itself: bool = False


class NotAllowed(PermissionError):
    """This actor has no role for this act. `act` and `needs` let a page say who can."""

    def __init__(self, act: str, needs: frozenset[Role]) -> None:
        self.act, self.needs = act, needs
        super().__init__(f"{act} can be done by: {', '.join(sorted(needs))}")


def can(act: str, actor: Actor) -> bool:
    if actor.command_line:
        return act not in NOT_AT_COMMAND_LINE
    if actor.itself:
        return act in BY_ITSELF
    return bool(ACTS[act] & actor.roles)


def check(act: str, actor: Actor) -> None:
    """Raise NotAllowed unless this actor may do this act."""
    if not can(act, actor):
        raise NotAllowed(act, ACTS[act])


def can_change_update(actor: Actor, made_by: int) -> bool:
    """Managers change the updates they made, on their own decisions; who changes what, everybody reads in its history."""
    own = actor.account is not None and actor.account == made_by
    return can("post-update", actor) and (own or can("change-any-update", actor))


def check_change_update(actor: Actor, made_by: int) -> None:
    """Raise NotAllowed unless this actor may change an update that this account made."""
    check("post-update", actor)
    if not can_change_update(actor, made_by):
        raise NotAllowed("change-any-update", ACTS["change-any-update"])


def can_approve_update(actor: Actor, written_by: Collection[int]) -> bool:
    """Four eyes: whoever wrote any of it since it was last published is not its second reader."""
    return can("approve-update", actor) and actor.account is not None and actor.account not in written_by


SPEAKS_AS = (Role.MANAGER, Role.COORDINATOR, Role.ADVISER)
"""As what somebody with several roles writes on the board: decisions are management's."""


def speaks_as(actor: Actor) -> Role:
    """The role that stands under an update. Raises NotAllowed for who may post none."""
    check("post-update", actor)
    return next(role for role in SPEAKS_AS if role in actor.roles)


BY_ITSELF = frozenset({"seal-scan", "release-scan"})
"""What the worker does unasked, because it was promised to everybody who took part."""


def itself(organisation: int) -> Actor:
    """The product, keeping a promise on its day."""
    return Actor("by itself", organisation, frozenset(), itself=True)


def at_command_line(organisation: int) -> Actor:
    return Actor("command line", organisation, frozenset(), command_line=True)


def roles_from(names: Iterable[str]) -> frozenset[Role]:
    return frozenset(Role(name) for name in names)
