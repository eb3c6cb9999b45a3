from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class Scenario(Base):
    """A working distribution of the envelope; the ``retained`` one of a campaign is what goes to the vote.

    ``rule`` is how the application proposed its amounts (« skip », « stop », « best »), empty for one made by hand.
    """

    __tablename__ = "scenario"
    __table_args__ = (Index("uq_scenario_retained", "call_id", unique=True, sqlite_where=text("retained")),)

    id: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    position: Mapped[int]
    label: Mapped[str]
    retained: Mapped[bool] = mapped_column(default=False, server_default="0")
    rule: Mapped[str] = mapped_column(default="", server_default="")


class ScenarioLine(Base):
    """The amount proposed for a file; nothing proposed yet is no line at all.

    ``base_cents`` is the eligible base the committee works with, None for the file's own. ``cut`` is the sentence by
    which a proposal explained its amount, gone as soon as somebody changes it. ``taken`` holds the amount, the lock and
    the cut that an exclusion took away, None for a file that none left at nothing.
    """

    __tablename__ = "scenario_line"
    __table_args__ = (CheckConstraint("amount_cents >= 0", name="amount"),)

    scenario_id: Mapped[str] = mapped_column(ForeignKey("scenario.id"), primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), primary_key=True)
    amount_cents: Mapped[int]
    base_cents: Mapped[int | None]
    locked: Mapped[bool]
    motive: Mapped[str]
    cut: Mapped[str] = mapped_column(default="", server_default="")
    taken: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class Lot(Base):
    """Files submitted together to the vote; the act turns their amounts into decisions.

    ``rule`` is that of the scenario it came from, empty when the amounts come from no rule.
    """

    __tablename__ = "lot"
    __table_args__ = (CheckConstraint("state IN ('submitted', 'voted', 'returned')", name="state"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    label: Mapped[str]
    state: Mapped[str]
    submitted_at: Mapped[datetime]
    body: Mapped[str | None]
    act_number: Mapped[str | None]
    act_on: Mapped[date | None]
    sent_to_prefect_on: Mapped[date | None]
    published_on: Mapped[date | None]
    votes_for: Mapped[int | None]
    votes_against: Mapped[int | None]
    votes_abstention: Mapped[int | None]
    delegated: Mapped[bool] = mapped_column(default=False, server_default="0")
    rule: Mapped[str] = mapped_column(default="", server_default="")


class LotLine(Base):
    """What a lot puts to the vote for one file; « returned » once that file alone was taken back from it.

    ``supersedes_id`` is the decision that it would replace: of a file reopened, or promoted from the waiting list.
    """

    __tablename__ = "lot_line"

    lot_id: Mapped[str] = mapped_column(ForeignKey("lot.id"), primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), primary_key=True, index=True)
    outcome: Mapped[str]
    amount_cents: Mapped[int]
    rank: Mapped[int | None]
    score: Mapped[str]
    motive: Mapped[str]
    condition: Mapped[str] = mapped_column(default="", server_default="")
    condition_due_on: Mapped[date | None]
    refusal_code: Mapped[str | None]
    supersedes_id: Mapped[str | None] = mapped_column(ForeignKey("decision.id"))


class Decision(Base):
    """What the act says of one file; never edited, only followed by another act.

    The one that another supersedes, or that was ended, stays readable and no longer counts: ``lots.in_force``.
    """

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("lot_id", "application_id"),
        CheckConstraint("outcome IN ('granted', 'partial', 'refused', 'adjourned', 'waiting')", name="outcome"),
        CheckConstraint("(amount_cents > 0) = (outcome IN ('granted', 'partial'))", name="amount"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), index=True)
    lot_id: Mapped[str] = mapped_column(ForeignKey("lot.id"))
    outcome: Mapped[str]
    amount_cents: Mapped[int]
    motive: Mapped[str]
    decided_at: Mapped[datetime]
    condition: Mapped[str] = mapped_column(default="", server_default="")
    condition_due_on: Mapped[date | None]
    refusal_code: Mapped[str | None]
    rank: Mapped[int | None]
    supersedes_id: Mapped[str | None] = mapped_column(ForeignKey("decision.id"), index=True)


class DecisionEnd(Base):
    """The end of a decision: the association gave it up, or the authority withdrew it."""

    __tablename__ = "decision_end"
    __table_args__ = (CheckConstraint("kind IN ('renounced', 'illegal', 'unmet')", name="kind"),)

    decision_id: Mapped[str] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    kind: Mapped[str]
    ended_on: Mapped[date]
    reason: Mapped[str]
    recorded_at: Mapped[datetime]


class ConditionLift(Base):
    """The condition of a grant was met: when, by what, and who recorded it."""

    __tablename__ = "condition_lift"

    decision_id: Mapped[str] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    lifted_on: Mapped[date]
    proof: Mapped[str]
    lifted_by: Mapped[str]
    recorded_at: Mapped[datetime]


class Recourse(Base):
    """A challenge of a decision, before the authority or the court; its delays are computed from its days."""

    __tablename__ = "recourse"
    __table_args__ = (
        CheckConstraint("kind IN ('gracious', 'court')", name="kind"),
        CheckConstraint("outcome IN ('', 'accepted', 'rejected')", name="outcome"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    decision_id: Mapped[str] = mapped_column(ForeignKey("decision.id"), index=True)
    kind: Mapped[str]
    filed_on: Mapped[date]
    notified_on: Mapped[date | None]
    outcome: Mapped[str]
    answered_on: Mapped[date | None]
    note: Mapped[str]


class Letter(Base):
    """A letter, from its preparation to its issue; issued it is never edited again, only replaced by another one.

    ``given`` is what the officer typed for it and no other place holds: the bank slip of a payment, a new date.
    """

    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("year", "seq"),
        CheckConstraint("(seq IS NULL) = (number IS NULL)", name="number"),
        CheckConstraint("state IN ('to_read', 'read', 'issued')", name="state"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), index=True)
    decision_id: Mapped[str | None] = mapped_column(ForeignKey("decision.id"))
    template_id: Mapped[str] = mapped_column(ForeignKey("letter_template.id"))
    kind: Mapped[str]
    state: Mapped[str]
    prepared_at: Mapped[datetime]
    year: Mapped[int | None]
    seq: Mapped[int | None]
    number: Mapped[str | None] = mapped_column(unique=True)
    dated_on: Mapped[date | None]
    issued_at: Mapped[datetime | None]
    given: Mapped[Any | None] = mapped_column(JSON)
    content: Mapped[Any | None] = mapped_column(JSON)
    filename: Mapped[str | None]
    sha256: Mapped[str | None]
    replaces_id: Mapped[str | None] = mapped_column(ForeignKey("letter.id"), unique=True)
