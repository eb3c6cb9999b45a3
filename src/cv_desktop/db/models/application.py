from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cv_desktop.db.base import Base


class Application(Base):
    """A file (dossier): one action for which a structure asks a grant in a campaign.

    ``rules_version_id`` is the version of the règlement it was judged under, with its ``checks_snapshot``.
    """

    __tablename__ = "application"
    __table_args__ = (
        UniqueConstraint("call_id", "seq"),
        Index("uq_application_external", "call_id", "source", "external_id", unique=True),
        CheckConstraint("asked_cents >= 0", name="asked"),
        CheckConstraint("cost_cents >= 0", name="cost"),
        CheckConstraint(
            "status IN ('draft', 'deposited', 'incomplete', 'eligible', 'ineligible', 'withdrawn')", name="status"
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    structure_id: Mapped[str] = mapped_column(ForeignKey("structure.id"), index=True)
    import_id: Mapped[str | None] = mapped_column(ForeignKey("import.id"), index=True)
    round_id: Mapped[str | None] = mapped_column(ForeignKey("round.id"), index=True)
    rules_version_id: Mapped[str | None] = mapped_column(ForeignKey("rules_version.id"), index=True)
    seq: Mapped[int]
    number: Mapped[str] = mapped_column(unique=True)
    source: Mapped[str]
    external_id: Mapped[str | None]
    line: Mapped[int | None]
    status: Mapped[str]
    title: Mapped[str]
    theme_code: Mapped[str | None] = mapped_column(ForeignKey("theme.code"))
    theme_label: Mapped[str]
    quarters_text: Mapped[str]
    outside_quarters: Mapped[bool]
    description: Mapped[str]
    beneficiaries: Mapped[int | None]
    women: Mapped[int | None]
    quarter_residents: Mapped[int | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    cost_cents: Mapped[int]
    asked_cents: Mapped[int]
    minimum_cents: Mapped[int | None]
    equality: Mapped[str]
    participation: Mapped[str]
    ecology: Mapped[str]
    republican_contract: Mapped[bool | None]
    siret_raw: Mapped[str | None]
    deposited_at: Mapped[datetime | None]
    checks_snapshot: Mapped[Any | None] = mapped_column(JSON)
    status_reason: Mapped[str]
    # What the Cerfa 12156 says besides; shares and full-time equivalents are in hundredths.
    aid_form: Mapped[str | None]
    purpose: Mapped[str | None]
    renewal: Mapped[bool | None]
    renewed_from_id: Mapped[str | None] = mapped_column(ForeignKey("application.id"))
    tranche: Mapped[int | None]
    tranches: Mapped[int | None]
    under_25: Mapped[int | None]
    goals: Mapped[str] = mapped_column(default="", server_default="")
    audience: Mapped[str] = mapped_column(default="", server_default="")
    fee: Mapped[str] = mapped_column(default="", server_default="")
    place: Mapped[str] = mapped_column(default="", server_default="")
    outside_reason: Mapped[str] = mapped_column(default="", server_default="")
    means: Mapped[str] = mapped_column(default="", server_default="")
    volunteers: Mapped[int | None]
    employees: Mapped[int | None]
    full_time: Mapped[int | None]
    service_volunteers: Mapped[int | None]
    recruitment: Mapped[bool | None]
    evaluation: Mapped[str] = mapped_column(default="", server_default="")
    extra: Mapped[str] = mapped_column(default="", server_default="")
    contact_name: Mapped[str] = mapped_column(default="", server_default="")
    contact_role: Mapped[str] = mapped_column(default="", server_default="")
    contact_phone: Mapped[str] = mapped_column(default="", server_default="")
    contact_email: Mapped[str] = mapped_column(default="", server_default="")
    signatory_name: Mapped[str] = mapped_column(default="", server_default="")
    signatory_role: Mapped[str] = mapped_column(default="", server_default="")
    signed_on: Mapped[date | None]
    power_of_signature: Mapped[bool | None]
    obligations_met: Mapped[bool | None]
    charter_kept: Mapped[bool | None]
    sincere: Mapped[bool | None]
    public_aid_above_limit: Mapped[bool | None]
    other_aid: Mapped[str] = mapped_column(default="", server_default="")
    lead_share: Mapped[int | None]
    withdrawn_on: Mapped[date | None]


class ApplicationQuarter(Base):
    """The priority quarters that an action concerns.

    ``weight``: what each counts for in its amounts, in hundredths of a percent point or of a person; None: equal parts.
    """

    __tablename__ = "application_quarter"

    application_id: Mapped[str] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), primary_key=True)
    quarter_code: Mapped[str] = mapped_column(ForeignKey("quarter.code"), primary_key=True)
    weight: Mapped[int | None]


class ApplicationObjective(Base):
    """The objectives of the action plan that an action serves, the first one being the main one."""

    __tablename__ = "application_objective"

    application_id: Mapped[str] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), primary_key=True)
    objective_code: Mapped[str] = mapped_column(ForeignKey("objective.code"), primary_key=True)
    position: Mapped[int]


class ApplicationPriority(Base):
    """The transversal priorities to which an action is dedicated; how far it serves the others is marked."""

    __tablename__ = "application_priority"

    application_id: Mapped[str] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), primary_key=True)
    priority_code: Mapped[str] = mapped_column(ForeignKey("priority.code"), primary_key=True)


class BudgetLine(Base):
    """A line of the action's budget, charge or produit."""

    __tablename__ = "budget_line"
    __table_args__ = (CheckConstraint("side IN ('charge', 'produit')", name="side"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), index=True)
    side: Mapped[str]
    position: Mapped[int]
    account: Mapped[str]
    label: Mapped[str]
    amount_cents: Mapped[int]
    state: Mapped[str]
    funder_code: Mapped[str | None] = mapped_column(ForeignKey("funder.code"))


class Document(Base):
    """A document received with a file; one that is expected and did not come has no row.

    ``dated_on`` is the day the document itself bears, from which its validity runs.
    """

    __tablename__ = "document"
    __table_args__ = (
        UniqueConstraint("application_id", "kind"),
        CheckConstraint("state IN ('received', 'valid', 'rejected')", name="state"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    filename: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="received")
    reason: Mapped[str] = mapped_column(server_default="")
    received_on: Mapped[date | None]
    dated_on: Mapped[date | None]


class Import(Base):
    """A file read into the base, with its report; ``kind`` is what it held, ``source`` who made it.

    Its bytes are kept in the base's folder under their fingerprint. Only applications have a campaign.
    """

    __tablename__ = "import"
    __table_args__ = (CheckConstraint("kind IN ('applications', 'history', 'directory')", name="kind"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str | None] = mapped_column(ForeignKey("call.id"), index=True)
    kind: Mapped[str] = mapped_column(server_default="applications")
    source: Mapped[str] = mapped_column(server_default="")
    filename: Mapped[str]
    sha256: Mapped[str]
    imported_at: Mapped[datetime]
    report: Mapped[dict[str, Any]]
