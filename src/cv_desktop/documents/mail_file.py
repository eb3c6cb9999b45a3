"""A mail ready to be sent, as a file that mail programs open as a draft (RFC 5322, MIME; « X-Unsent » for Outlook)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import NBSP, quote


@dataclass(frozen=True, slots=True)
class Mail:
    """``sender`` and ``to`` are (name, address); the attached PDF goes under ``filename``."""

    sender: tuple[str, str]
    to: tuple[str, str]
    subject: str
    text: str
    filename: str
    pdf: bytes


def write(mail: Mail) -> bytes:
    """The file of a mail; the same mail gives the same bytes. Raises UserError on an address that is none."""
    message = EmailMessage(policy=SMTP)
    if mail.sender[1]:
        message["From"] = _address(*mail.sender)
    message["To"] = _address(*mail.to)
    message["Subject"] = " ".join(mail.subject.replace(NBSP, " ").split())
    message["X-Unsent"] = "1"
    message.set_content(mail.text.replace("\r\n", "\n").rstrip() + "\n", charset="utf-8", cte="quoted-printable")
    message.add_attachment(mail.pdf, maintype="application", subtype="pdf", filename=mail.filename)
    # A boundary drawn at random would make another file of the same mail.
    message.set_boundary(f"=_{hashlib.sha256(mail.pdf + mail.subject.encode()).hexdigest()[:32]}")
    return message.as_bytes()


def _address(name: str, address: str) -> Address:
    try:
        return Address(display_name=" ".join(name.replace(NBSP, " ").split()), addr_spec=address.strip())
    except (ValueError, IndexError, AttributeError):
        raise UserError(f"{quote(address)} n’est pas une adresse de courriel. Corrigez la fiche.") from None
