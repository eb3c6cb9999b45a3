"""A date given by a timestamp authority (RFC 3161), asked over a network once its address is configured.

It receives the fingerprint of a signature, nothing of the letter.
"""

from __future__ import annotations

import secrets

from asn1crypto import algos, tsp

from cv_desktop.documents.network import Silent, answered
from cv_desktop.domain.errors import Unavailable
from cv_desktop.domain.text import NBSP, quote

_MOST = 1 << 16


def stamped(url: str, digest: bytes) -> bytes:
    """The token of the authority for a SHA-256, as it is written.

    Raises Unavailable when it cannot be reached, refuses, or dates something else.
    """
    nonce = secrets.randbits(63)
    asked = tsp.TimeStampReq(
        {
            "version": "v1",
            "message_imprint": tsp.MessageImprint(
                {"hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}), "hashed_message": digest}
            ),
            "nonce": nonce,
            "cert_req": True,
        }
    )
    if not url.startswith(("https://", "http://")):
        raise Unavailable(f"L’adresse de l’autorité d’horodatage, {quote(url)}, doit commencer par https://.")
    try:
        read = answered(url, asked.dump(), "application/timestamp-query", most=_MOST)
        response = tsp.TimeStampResp.load(read)
        status = response["status"]["status"].native
        token = response["time_stamp_token"]
        said = token["content"]["encap_content_info"]["content"].parsed if status.startswith("granted") else None
        right = said is not None and (
            said["message_imprint"]["hashed_message"].native == digest and said["nonce"].native == nonce
        )
    except Silent:
        raise Unavailable(
            f"L’autorité d’horodatage ne répond pas ({quote(url)}). Vérifiez l’adresse et la connexion, ou videz ce "
            f"réglage pour signer sans horodatage."
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        right = False
    if not right:
        raise Unavailable(
            f"L’autorité d’horodatage ({quote(url)}) a refusé de dater la signature{NBSP}: rien n’est signé."
        )
    return bytes(token.dump())
