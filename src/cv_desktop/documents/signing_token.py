"""A key that never leaves its card or its USB key (PKCS#11): the token signs, we only hand it what to sign."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from asn1crypto import x509

from cv_desktop.documents.signing import Key, Signer, certificate_of, check_certificate
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import NBSP, quote

_ABSENT = f"Aucune carte ni clé USB de signature n’est branchée{NBSP}: branchez-la et recommencez."


@contextmanager
def token_signer(module: Path, pin: str, *, at: datetime, label: str = "") -> Iterator[Signer]:
    """The key of a token while it is open; ``module`` is its maker’s program, ``label`` its name among several.

    Raises UserError when the module cannot be used, no token is there, the code is wrong, or no certificate on it can
    sign at ``at``.
    """
    import pkcs11
    from pkcs11 import TokenFlag, exceptions

    try:
        program = pkcs11.lib(str(module))
    except (exceptions.PKCS11Error, RuntimeError, OSError):
        raise UserError(f"{quote(module.name)} n’est pas le module PKCS#11 d’une carte de signature.") from None
    tokens = [
        one
        for one in program.get_tokens()
        if one.flags & TokenFlag.TOKEN_INITIALIZED and (not label or one.label.strip() == label)
    ]
    if not tokens:
        raise UserError(_ABSENT)
    if len(tokens) > 1:
        raise UserError("Plusieurs cartes de signature sont branchées. Laissez celle qui signe.")
    try:
        with tokens[0].open(user_pin=pin) as session:
            yield _signer(session, at)
    except (exceptions.PinIncorrect, exceptions.PinLenRange, exceptions.PinInvalid):
        raise UserError("Le code de la carte est faux. Après quelques essais, la carte se bloque.") from None
    except exceptions.PinLocked:
        raise UserError("La carte est bloquée. Débloquez-la avec le logiciel de son fournisseur.") from None
    except (exceptions.TokenNotPresent, exceptions.DeviceRemoved, exceptions.DeviceError):
        raise UserError(_ABSENT) from None


def _signer(session: Any, at: datetime) -> Signer:
    from pkcs11 import Attribute, ObjectClass

    held = [
        (bytes(one[Attribute.ID]), x509.Certificate.load(one[Attribute.VALUE]))
        for one in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE})
    ]
    for key in session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY}):
        own = next((certificate for name, certificate in held if name == bytes(key[Attribute.ID])), None)
        if own is None or not key[Attribute.SIGN]:
            continue
        others = tuple(certificate for _name, certificate in held if certificate.serial_number != own.serial_number)
        certificate = certificate_of(own, others)
        check_certificate(certificate, at=at)
        return Signer(certificate, _by(key))
    raise UserError("Cette carte n’a pas de certificat qui signe.")


def _by(key: Any) -> Key:
    from pkcs11 import KeyType, Mechanism
    from pkcs11.util.ec import encode_ecdsa_signature

    if key.key_type == KeyType.RSA:
        return lambda content: ("sha256_rsa", key.sign(content, mechanism=Mechanism.SHA256_RSA_PKCS))
    return lambda content: (
        "sha256_ecdsa",
        encode_ecdsa_signature(key.sign(content, mechanism=Mechanism.ECDSA_SHA256)),
    )
