"""All that a letter of a kind may say of a file, and the conditions of its blocks: file, follow-up and answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from cv_desktop.domain.letters import Field
from cv_desktop.services.letter_fields import FLAGS as OF_FILE
from cv_desktop.services.letter_fields import Subject, fields, flags
from cv_desktop.services.letter_follow_up import FLAGS as OF_FOLLOW_UP
from cv_desktop.services.letter_follow_up import follow_up_fields, follow_up_flags
from cv_desktop.services.letter_given import FLAGS as OF_ANSWERS
from cv_desktop.services.letter_given import given_fields, given_flags
from cv_desktop.services.letter_visas import visas

# What a conditional block may ask, as a person reads it in the list of conditions.
FLAGS = OF_FILE | OF_FOLLOW_UP | OF_ANSWERS


def values(
    session: Session, subject: Subject, day: date, *, kind: str, answers: Mapping[str, Any], lists: frozenset[str]
) -> dict[str, Field]:
    """Every merge field of a letter of a kind dated ``day``; ``answers`` are those of its form."""
    return (
        fields(session, subject, day, lists)
        | visas(session, subject, day)
        | follow_up_fields(session, subject, day)
        | given_fields(kind, answers, subject.setting("act_recipient"))
    )


def conditions(session: Session, subject: Subject, day: date, answers: Mapping[str, Any]) -> frozenset[str]:
    """The conditions that hold for a letter dated ``day``."""
    return flags(session, subject, day) | follow_up_flags(session, subject, day) | given_flags(answers)
