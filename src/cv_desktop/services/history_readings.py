"""A list of past grants as it is read before anything is written."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from sqlalchemy.orm import Session

from cv_desktop.domain import repairs
from cv_desktop.domain.errors import Unavailable, UserError
from cv_desktop.domain.file_kinds import HISTORY
from cv_desktop.domain.grant_sheet import NO_YEAR
from cv_desktop.domain.intake import ASIDE_WORDS, BLOCKING, TO_CHECK, ColumnMatch, Problem
from cv_desktop.domain.intake_preview import LineState, PreviewLine
from cv_desktop.domain.money import figures
from cv_desktop.domain.past_grants import History, read_history
from cv_desktop.services import past_grants, vocabulary
from cv_desktop.services.readings import RawFile, Reading, Tell, Wanted, refused_points, unread


def read_grants(
    session: Session, *, file: RawFile, source: str, wanted: Wanted, remembered: Mapping[str, str], tell: Tell
) -> Reading:
    """Every grant of a list, with the structures that its numbers recognise; nothing is written."""
    chosen = {**remembered, **wanted.hand}
    words = vocabulary.words()
    tell("Lecture des lignes")
    try:
        found = read_history(file.sheets, words, source=source, filename=file.name, chosen=chosen)
        if wanted.repairs:
            sheets = repairs.laid_over(file.sheets, found.mapping, wanted.repairs)
            found = read_history(sheets, words, source=source, filename=file.name, chosen=chosen)
    except Unavailable:
        raise
    except UserError as refusal:
        mapping = unread(file.sheets, chosen, refusal, words.fields)
        return Reading(
            file, HISTORY, source, wanted, remembered, mapping, 0, (), refused_points(refusal), refusal=refusal.message
        )
    tell("Comparaison avec les structures")
    plan = past_grants.plan(session, history=found)
    accepted = repairs.confirmed(wanted.repairs)
    # A year given by hand answers the doubt.
    told = [one for one in plan.problems if wanted.year is None or not one.message.startswith(NO_YEAR)]
    shown = [one for one in (*file.remarks, *told) if one not in accepted]
    points = []
    for problem in shown:
        offered = repairs.point(problem, repairs.column_of(problem, found.mapping), line=0)
        points.append(offered)
    points += [repairs.mended(one, found.mapping) for one in wanted.repairs]
    aside: dict[str, list[str]] = defaultdict(list)
    for one in found.asides:
        aside[ASIDE_WORDS.get(one.reason, one.reason)].append(f"ligne {one.line}")
    return Reading(
        file,
        HISTORY,
        source,
        wanted,
        remembered,
        found.mapping,
        found.rows,
        tuple(_lines(found, shown, wanted)),
        tuple(points),
        tuple((words, tuple(names)) for words, names in aside.items()),
        history=plan,
    )


def _lines(found: History, problems: list[Problem], wanted: Wanted) -> list[PreviewLine]:
    """One line per line of the file: a grant, a refused line, or a line set aside."""
    keys: dict[tuple[str, str], ColumnMatch] = {(match.sheet, match.header): match for match in found.mapping}
    bad: dict[tuple[str, int], dict[str, str]] = defaultdict(dict)
    for problem in problems:
        if problem.severity in (BLOCKING, TO_CHECK) and problem.line != found.header_line:
            match = keys.get((problem.sheet, problem.column))
            bad[problem.sheet, problem.line].setdefault(match.field if match else problem.column, problem.severity)
    made: dict[tuple[str, int], PreviewLine] = {}
    years: dict[tuple[str, int], int | None] = {}
    sums = Counter[tuple[str, int]]()
    for grant in found.grants:
        place = (grant.sheet, grant.line)
        # Several funders or kinds of one line are shown as one amount, the grants of its other years are not.
        if years.setdefault(place, grant.year) != grant.year:
            continue
        sums[place] += grant.amount_cents
        wrong = dict(bad.get(place, {}))
        amount = next((wrong[key] for key in ("granted", "paid", "asked") if key in wrong), "")
        if amount:
            wrong["asked"] = amount
        made[place] = PreviewLine(
            line=grant.line,
            number="",
            state=LineState.TO_CHECK if wrong else LineState.READY,
            siret=grant.siret_raw,
            structure=grant.name,
            title=grant.title,
            quarters=str(grant.year or wanted.year or ""),
            asked=figures(sums[place]),
            bad=wrong,
            sheet=grant.sheet,
        )
    for sheet, line in {(p.sheet, p.line) for p in found.problems if p.severity == BLOCKING}:
        wrong = bad.get((sheet, line), {})
        made[sheet, line] = PreviewLine(
            line, "", LineState.REFUSED, "", _said(problems, line), "", "", "", wrong, sheet
        )
    for one in found.asides:
        made[one.sheet, one.line] = PreviewLine(
            one.line, "", LineState.ASIDE, "", one.message, "", "", "", {}, one.sheet
        )
    return [made[place] for place in sorted(made)]


def _said(problems: list[Problem], line: int) -> str:
    return next((p.value or p.message for p in problems if p.line == line and p.severity == BLOCKING), "")
