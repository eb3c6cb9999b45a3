"""Cards made by SoftHSM for the tests."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from certificates import PASSPHRASE

MODULES = (Path("/usr/lib/softhsm/libsofthsm2.so"), Path("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"))
PIN = "1234"


def plugged(folder: Path, **cards: bytes | None) -> Path:
    """Cards of these names, each with the key and certificate of a PKCS#12, or empty; gives their module.

    ``SOFTHSM2_CONF`` is left pointing at ``folder``: the caller puts it back.
    """
    import pkcs11

    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    module = next(path for path in MODULES if path.exists())
    for name in cards:
        run = ["softhsm2-util", "--init-token", "--free", "--label", name, "--so-pin", "0000", "--pin", PIN]
        subprocess.run(run, check=True, capture_output=True)
    pkcs11.lib(str(module)).reinitialize()
    for name, p12 in cards.items():
        if p12 is not None:
            put_on(module, name, p12)
    return module


def put_on(module: Path, name: str, p12: bytes) -> None:
    """Adds the key and certificate of a PKCS#12 to a card."""
    import pkcs11
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
    from pkcs11.util.rsa import decode_rsa_private_key
    from pkcs11.util.x509 import decode_x509_certificate

    key, own, _others = pkcs12.load_key_and_certificates(p12, PASSPHRASE.encode())
    assert key is not None and own is not None
    private = key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    with pkcs11.lib(str(module)).get_token(token_label=name).open(rw=True, user_pin=PIN) as session:
        place = bytes([len(list(session.get_objects())) + 1])
        stored = {pkcs11.Attribute.ID: place, pkcs11.Attribute.TOKEN: True}
        signs = {pkcs11.Attribute.SIGN: True, pkcs11.Attribute.PRIVATE: True}
        session.create_object({**decode_rsa_private_key(private), **stored, **signs})
        session.create_object({**decode_x509_certificate(own.public_bytes(Encoding.DER)), **stored})
