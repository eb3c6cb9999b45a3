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
    """The key of a token while it is open; ``module`` is its maker’s program, ``label`` its name or its reader.

    Raises UserError when the module cannot be used, no token is there, the code is wrong, or no certificate on it can
    sign at ``at``; also while it signs, when it is taken away or refuses.
    """
    import pkcs11
    from pkcs11 import exceptions

    try:
        program = pkcs11.lib(str(module))
    except (exceptions.PKCS11Error, RuntimeError, OSError):
        raise UserError(f"{quote(module.name)} n’est pas le module PKCS#11 d’une carte de signature.") from None
    try:
        with _token(program, label.strip()).open(user_pin=pin) as session:
            yield _signer(session, at)
    except (exceptions.PinIncorrect, exceptions.PinLenRange, exceptions.PinInvalid, exceptions.ArgumentsBad):
        raise UserError("Le code de la carte est faux. Après quelques essais, la carte se bloque.") from None
    except (exceptions.PinLocked, exceptions.PinExpired, exceptions.UserPinNotInitialized):
        raise UserError("La carte est bloquée. Débloquez-la avec le logiciel de son fournisseur.") from None
    except (
        exceptions.TokenNotPresent, exceptions.TokenNotRecognised, exceptions.DeviceRemoved, exceptions.DeviceError,
        exceptions.SlotIDInvalid, exceptions.NoSuchToken, exceptions.SessionHandleInvalid,
    ):  # fmt: skip
        raise UserError(_ABSENT) from None
    except exceptions.PKCS11Error:
        raise UserError(
            f"La carte a refusé de signer{NBSP}: débranchez-la, rebranchez-la et recommencez. Si elle refuse encore, "
            "essayez-la dans le logiciel de son fournisseur."
        ) from None


def _token(program: Any, label: str) -> Any:
    """The token that signs: the only one, or the one of this name or in this reader."""
    from pkcs11 import TokenFlag

    tokens = [one for one in program.get_tokens() if one.flags & TokenFlag.TOKEN_INITIALIZED]
    if not tokens:
        raise UserError(_ABSENT)
    names = ", ".join(quote(one.label.strip()) for one in tokens)
    chosen = [one for one in tokens if not label or label in (one.label.strip(), str(one.slot.slot_id))]
    if not chosen:
        raise UserError(f"Aucune carte branchée ne s’appelle {quote(label)}. Sont branchées{NBSP}: {names}.")
    if len(chosen) > 1:
        raise UserError(
            f"Plusieurs cartes de signature sont branchées{NBSP}: {names}. Écrivez le nom de celle qui signe."
        )
    return chosen[0]


def _signer(session: Any, at: datetime) -> Signer:
    from pkcs11 import Attribute, ObjectClass

    held = [
        (bytes(one[Attribute.ID]), x509.Certificate.load(one[Attribute.VALUE]))
        for one in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE})
    ]
    refused: UserError | None = None
    for key in session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY}):
        own = next((certificate for name, certificate in held if name == bytes(key[Attribute.ID])), None)
        if own is None or not key[Attribute.SIGN]:
            continue
        others = tuple(certificate for _name, certificate in held if certificate.serial_number != own.serial_number)
        certificate = certificate_of(own, others)
        try:
            check_certificate(certificate, at=at)
        except UserError as why:
            # A card often keeps the old certificate beside the new one, and one that only deciphers.
            refused = why
            continue
        return Signer(certificate, _by(key))
    raise refused or UserError(f"Cette carte n’a pas de certificat qui signe{NBSP}: demandez-en un à son fournisseur.")


def _by(key: Any) -> Key:
    from pkcs11 import KeyType, Mechanism
    from pkcs11.util.ec import encode_ecdsa_signature

    if key.key_type == KeyType.RSA:
        return lambda content: ("sha256_rsa", key.sign(content, mechanism=Mechanism.SHA256_RSA_PKCS))
    return lambda content: (
        "sha256_ecdsa",
        encode_ecdsa_signature(key.sign(content, mechanism=Mechanism.ECDSA_SHA256)),
    )
