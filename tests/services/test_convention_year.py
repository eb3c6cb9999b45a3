"""The 23 000 € of a structure and a year, all campaigns together, added by hand on a real base."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import Decision, DecisionEnd, Letter, Lot
from cv_desktop.db.models.funding import Tranche
from cv_desktop.db.queries import calls as campaigns
from cv_desktop.db.queries import conventions, institution, silences
from cv_desktop.db.queries.calls import id_of
from cv_desktop.db.store import Store
from cv_desktop.db.work import record
from cv_desktop.domain.errors import UserError
from cv_desktop.services import calls, movements, rules, structure_lines
from cv_desktop.services.demonstration import ACTOR, Story
from cv_desktop.services.structure_ceilings import ceiling

Opened = Callable[[str], tuple[Store, Story]]
NBSP = "\u00a0"
MAXIMUM, EVERYWHERE = "structure_amount_max", "structure_amount_all"


class Year:
    """The structure of the largest grant of the fund, 2 400 € on 14 April 2026, and what it is given besides."""

    def __init__(self, session: Session) -> None:
        self.session = session
        first = session.scalars(select(Decision).order_by(Decision.amount_cents.desc(), Decision.id)).first()
        assert first is not None and first.amount_cents == 2_400_00
        self.fund, self.like = first, session.get_one(Application, first.application_id)
        for year in (2025, 2026):
            calls.create(session, code=f"AAP-{year}", scheme="AAP", year=year, envelope_cents=420_000_00)
        session.flush()
        self.aap = {year: str(id_of(session, f"AAP-{year}")) for year in (2025, 2026)}

    def file(self, year: int, number: str, renews: str | None = None) -> str:
        kept = {column.key: getattr(self.like, column.key) for column in Application.__table__.columns}
        own = {"id": number, "number": number, "seq": int(number[-2:]), "call_id": self.aap[year]}
        self.session.add(Application(**{**kept, **own, "renewed_from_id": renews, "import_id": None, "round_id": None,
                                        "rules_version_id": None}))  # fmt: skip
        self.session.flush()
        return number

    def decide(self, file: str, cents: int, on: date, supersedes: str | None = None) -> str:
        key = f"{file} {on}"
        call = self.session.get_one(Application, file).call_id
        moment = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
        self.session.add(Lot(id=key, call_id=call, label=key, state="voted", submitted_at=moment, act_on=on))
        self.session.flush()
        self.session.add(
            Decision(id=key, application_id=file, lot_id=key, outcome="granted", amount_cents=cents, motive="",
                     decided_at=moment, supersedes_id=supersedes)
        )  # fmt: skip
        self.session.flush()
        return key

    def end(self, decision: str) -> None:
        moment = datetime(2026, 6, 1, 9, tzinfo=UTC)
        self.session.add(
            DecisionEnd(decision_id=decision, kind="renounced", ended_on=moment.date(), reason="x", recorded_at=moment)
        )
        self.session.flush()

    def in_kind(self, amount: str) -> None:
        funder = str(institution.values(self.session)["authority"])
        values = {"year": "2026", "funder": funder, "title": "Salle", "granted_cents": amount, "in_kind": "En nature"}
        structure_lines.add(self.session, kind="grant", structure_id=self.like.structure_id, values=values)
        self.session.flush()

    def due(self) -> dict[str, int]:
        """Decision → total in cents, of both campaigns of 2026."""
        found: dict[str, int] = {}
        for call in (self.like.call_id, self.aap[2026]):
            found |= {k: one.total_cents for k, one in conventions.of_call(self.session, call_id=call).items()}
        return found

    def done(self) -> None:
        record(self.session, verb="test", noun="call", noun_id="t", summary="Année de l’essai")


def test_the_fund_and_the_yearly_call_add_up_with_the_room_that_is_lent(base_at: Opened) -> None:
    store, _story = base_at("voted")
    with store.write(ACTOR) as session:
        year = Year(session)
        aap = year.decide(year.file(2026, "AAP-2026-0001"), 15_000_00, date(2026, 5, 11))
        year.in_kind("5 600")
        assert year.due() == {}  # 2 400 + 15 000 + 5 600 = 23 000 exactly
        year.in_kind("0,01")
        # In April 2 400 + 5 600,01; the act of May passes the threshold and calls for the convention.
        assert year.due() == {aap: 23_000_01}
        with pytest.raises(UserError, match="la convention est à établir"):
            movements.call_payment(session, application_id="AAP-2026-0001", cents=1_00)
        # Reopened for less: 2 400 + 14 000 + 5 600,01.
        less = year.decide("AAP-2026-0001", 14_000_00, date(2026, 5, 25), supersedes=aap)
        assert year.due() == {}
        # Reopened for more than ever: only the act in force counts.
        more = year.decide("AAP-2026-0001", 20_000_00, date(2026, 6, 8), supersedes=less)
        assert year.due() == {more: 28_000_01}
        year.end(more)
        assert year.due() == {}
        year.done()


def test_a_year_of_an_agreement_counts_once_whether_a_file_renews_it_or_not(base_at: Opened) -> None:
    store, _story = base_at("voted")
    with store.write(ACTOR) as session:
        year = Year(session)
        agreed = year.file(2025, "AAP-2025-0001")
        first = year.decide(agreed, 12_000_00, date(2025, 3, 3))
        session.add_all([Tranche(application_id=agreed, year=2026, amount_cents=10_000_00),
                         Tranche(application_id=agreed, year=2027, amount_cents=9_000_00)])  # fmt: skip
        session.flush()
        year.in_kind("10 600")
        assert year.due() == {}  # 2 400 + 10 000 + 10 600
        # The file of 2026 takes the year of the agreement up again: its 10 001 € stand for it, not beside it.
        renewal = year.decide(year.file(2026, "AAP-2026-0002", renews=agreed), 10_001_00, date(2026, 5, 11))
        assert year.due() == {renewal: 23_001_00}
        # Given up, the year of the agreement is owed again: 23 000 exactly, of which nothing is asked.
        year.end(renewal)
        assert year.due() == {}
        year.in_kind("1")
        assert year.due() == {year.fund.id: 23_001_00}
        # The agreement itself withdrawn, only 2 400 and 10 601 are left.
        year.end(first)
        assert year.due() == {}
        year.done()


def test_the_maximum_of_a_structure_counts_the_year_of_an_agreement_and_what_lists_say(base_at: Opened) -> None:
    """2 400 € by the fund, 10 000 € by the agreement of 2025, 700 € of Sport: 13 100 €; the room is no money."""
    store, _story = base_at("voted")
    with store.write(ACTOR) as session:
        year = Year(session)
        agreed = year.file(2025, "AAP-2025-0001")
        year.decide(agreed, 12_000_00, date(2025, 3, 3))
        session.add(Tranche(application_id=agreed, year=2026, amount_cents=10_000_00))
        year.in_kind("600")
        funder = str(institution.values(session)["authority"])
        for title, authority, amount in (
            ("Sport", funder, "700"),
            ("Le fonds", funder, "2 400"),
            ("Autre", "Un département", "50"),
        ):
            values = {"year": "2026", "funder": authority, "title": title, "granted_cents": amount}
            structure_lines.add(session, kind="grant", structure_id=year.like.structure_id, values=values)
        session.flush()
        row = next(x for x in campaigns.parameters(session, year.like.call_id) if x.parameter.key == MAXIMUM)
        rules.set_parameter(session, parameter_id=row.id, text="13 000")

        def over(cents: int) -> str:
            known = ceiling(session, year.like.call_id, campaigns.rules(session, year.like.call_id))
            return known.over({year.like.id: cents}).get(year.like.id, "").replace(NBSP, " ")

        assert over(2_400_00) == ""  # it holds them already: no act takes back what was given
        assert over(2_450_00).endswith(
            f"aurait 13 150 € en 2026, 150 € de plus que le maximum par structure et par an, 13 000 € (article 5) : "
            f"2 450 € pour {year.like.number}, 10 000 € par l’accord de AAP-2025-0001, 700 € d’après une liste (Sport)."
        )
        # A file of the year takes the agreement up again, and asks nothing of the maximum before it has an amount.
        renewal = year.file(2026, "AAP-2026-0002", renews=agreed)
        assert over(2_450_00) != ""
        year.decide(renewal, 9_000_00, date(2026, 5, 11))
        assert over(2_450_00) == ""  # 2 450 + 9 000 + 700
        # The other schemes left out, neither the agreement nor the list of another service counts.
        flag = next(x for x in campaigns.parameters(session, year.like.call_id) if x.parameter.key == EVERYWHERE)
        rules.set_parameter(session, parameter_id=flag.id, text="non")
        rules.set_parameter(session, parameter_id=row.id, text="2 400")
        assert over(2_450_00).endswith(f"(article 5) : 2 450 € pour {year.like.number}.")
        year.done()


def test_an_award_with_its_convention_and_a_place_on_the_list_answer_the_request(base_at: Opened) -> None:
    store, _story = base_at("told")
    with store.write(ACTOR) as session:
        letter = session.scalars(select(Letter).where(Letter.kind == "ATT-P").limit(1)).one()
        found = {}
        for kind in ("ATT-P", "ATT-C", "ATTENTE", "AJ"):
            letter.kind = kind
            session.flush()
            silent = silences.of_file(session, application_id=letter.application_id, day=date(2026, 4, 16))
            found[kind] = silent is None
        assert found == {"ATT-P": True, "ATT-C": True, "ATTENTE": True, "AJ": False}
        record(session, verb="test", noun="letter", noun_id=letter.id, summary="Nature de l’essai")
