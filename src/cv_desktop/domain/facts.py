"""All that the checks of eligibility need to know of one file, gathered before they run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from cv_desktop.domain.budget import BudgetLine, Funders
from cv_desktop.domain.dates import local

DOCUMENTS = {
    "statuts": "statuts",
    "rib": "RIB",
    "comptes": "comptes de l’exercice clos",
    "rapport_activite": "rapport d’activité",
    "dirigeants": "liste des dirigeants",
    "recepisse": "récépissé de déclaration",
    "budget_structure": "budget prévisionnel de la structure",
    "assurance": "attestation d’assurance",
}


@dataclass(frozen=True, slots=True)
class YearAmount:
    """What the same structure has or asks in the same year besides this file, in cents.

    ``name`` is the number of the file, or the funder of a past grant; ``scheme`` is empty for the latter. ``ours``:
    from this authority. ``granted``: decided, else only asked. ``earlier``: deposited before this file. ``in_kind``:
    the value of a room or of a service.
    """

    name: str
    scheme: str
    cents: int
    granted: bool
    ours: bool = True
    file: bool = True
    earlier: bool = False
    in_kind: bool = False


@dataclass(frozen=True, slots=True)
class FileFacts:
    """One file as the checks see it. None and empty texts mean « non renseigné ».

    Amounts are in cents. ``scheme`` is the short name (« FIA »), ``year`` the year of the campaign.
    ``closes_on`` is the closing day of the campaign or of the round, when it differs from the
    règlement. ``siret_raw`` is the SIRET as it was received, right or wrong; ``siret_ok`` False says
    that the reading of the deposit already refused it. ``documents`` holds the codes of the documents
    received. ``earlier_applications`` are the numbers the same structure deposited before this one for
    the same scheme and year. ``first_request`` says that it asked nothing in an earlier year.
    ``previous_award_without_report`` is None when no earlier award is known.
    ``documents`` are those received and not refused, ``rejected`` says why the others are not right, ``dated`` is
    the day each bears, ``waived`` why the file is dispensed of some, ``held`` those of the structure that are still
    good, with the day they bear: they are not asked again (CRPA L114-8). ``year_amounts`` is the rest of the year.
    ``public_aid_above`` is what the structure attests of its public aid over three exercises, ``other_aid`` the aids it
    tells; ``granted_before_cents`` were granted to it in the two years before, as far as is known here.
    ``round_applications`` are the numbers deposited before it in the same round, ``other_request`` the file that asks
    the other scheme the same action, ``past_award`` a grant of the year before that a list told, ``flagged_report``
    why the service noted a report missing. ``derogations`` gives the reason of each check somebody set aside, by code.
    """

    number: str
    year: int
    scheme: str
    siret_raw: str = ""
    siret_ok: bool | None = None
    rna: str = ""
    legal_form: str = ""
    commune_code: str = ""
    commune_name: str = ""
    asked_cents: int | None = None
    cost_cents: int | None = None
    deposited_on: datetime | date | None = None
    closes_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    beneficiaries: int | None = None
    qpv_residents: int | None = None
    quarters: tuple[str, ...] = ()
    outside_qpv: bool | None = None
    documents: frozenset[str] | None = None
    republican_contract: bool | None = None
    republican_contract_on: date | None = None
    budget: tuple[BudgetLine, ...] = ()
    funders: Funders = field(default_factory=Funders)
    earlier_applications: tuple[str, ...] = ()
    first_request: bool | None = None
    funded_by_other_scheme: bool | None = None
    other_application: str = ""
    previous_award: str = ""
    previous_award_without_report: bool | None = None
    previous_report_on: date | None = None
    other_request: str = ""
    outside_reason: str = ""
    past_award: str = ""
    flagged_report: str = ""
    held: Mapping[str, date | None] = field(default_factory=dict)
    structure_created_on: date | None = None
    employees: int | None = None
    structure_budget_cents: int | None = None
    rejected: Mapping[str, str] = field(default_factory=dict)
    dated: Mapping[str, date] = field(default_factory=dict)
    waived: Mapping[str, str] = field(default_factory=dict)
    year_amounts: tuple[YearAmount, ...] = ()
    round_applications: tuple[str, ...] = ()
    public_aid_above: bool | None = None
    other_aid: str = ""
    granted_before_cents: int = 0
    derogations: Mapping[str, str] = field(default_factory=dict)

    @property
    def deposit_day(self) -> date | None:
        """The day of the deposit on a French calendar."""
        moment = self.deposited_on
        if isinstance(moment, datetime):
            return local(moment).date() if moment.tzinfo else moment.date()
        return moment

    @property
    def of_scheme(self) -> str:
        """« du FIA », « de l’AAP »."""
        return f"de l’{self.scheme}" if self.scheme[:1].upper() in "AEIOUYÉÈH" else f"du {self.scheme}"
