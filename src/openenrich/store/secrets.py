"""Secrets at rest: AES-256-GCM under the master key, and keyed digests for looking keys up (decision 11).

The master key is 32 bytes, base64, from ``OPENENRICH_MASTER_KEY`` or a file in the data folder that is made on
the first start. An API key must be recoverable because it signs webhooks (section 2).
"""

import base64
import binascii
import hashlib
import hmac
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from openenrich.store.postgres import DatabaseProblemError, Pool

_NONCE = 12
_CHECK = b"openenrich"


class MasterKeyProblemError(Exception):
    """The master key is missing or wrong; the text says what to do."""


class Vault:
    """Encrypts and recognises. Holds the master key and shows it to nobody."""

    def __init__(self, master_key: bytes) -> None:
        self._cipher = AESGCM(master_key)
        self._digest_key = hashlib.sha256(b"api-key-digest" + master_key).digest()
        self._seal_key = hashlib.sha256(b"seal" + master_key).digest()

    def __repr__(self) -> str:
        return "Vault()"

    def encrypt(self, text: str) -> bytes:
        """A fresh nonce, then the ciphertext."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, text.encode(), None)

    def decrypt(self, sealed: bytes) -> str:
        """The text. Raises `MasterKeyProblemError` when it was sealed under another key."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], None).decode()
        except InvalidTag as error:
            raise MasterKeyProblemError(
                "The master key does not fit this database: set OPENENRICH_MASTER_KEY (or restore master.key in the"
                " data folder) to the key that the database was set up with."
            ) from error

    def seal(self, text: bytes) -> bytes:
        """32 bytes that only this master key gives for ``text``: proof that something came from us."""
        return hmac.digest(self._seal_key, text, "sha256")

    @staticmethod
    def same(one: bytes, other: bytes) -> bool:
        """Compare in a time that tells nothing."""
        return hmac.compare_digest(one, other)

    def digest(self, api_key: str) -> bytes:
        """What an API key is looked up by."""
        return hmac.digest(self._digest_key, api_key.encode(), "sha256")


def master_key(home: Path, given: str | None) -> bytes:
    """The 32 bytes, from the setting or from the data folder, where they are made on the first start."""
    if given:
        return _decoded(given, "OPENENRICH_MASTER_KEY")
    path = home / "master.key"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(base64.b64encode(os.urandom(32)).decode() + "\n")
    return _decoded(path.read_text(encoding="ascii").strip(), str(path))


async def check_master_key(pool: Pool, vault: Vault) -> None:
    """Notice a wrong key at the start, not at the first webhook."""
    sealed = await pool.fetchval("SELECT ciphertext FROM master_key_check")
    if sealed is None:
        await pool.execute(
            "INSERT INTO master_key_check (ciphertext) VALUES ($1) ON CONFLICT DO NOTHING",
            vault.encrypt(_CHECK.decode()),
        )
        sealed = await pool.fetchval("SELECT ciphertext FROM master_key_check")
    if vault.decrypt(sealed).encode() != _CHECK:
        raise DatabaseProblemError("The database's master key check is damaged: restore it from a backup.")


def _decoded(text: str, source: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise MasterKeyProblemError(f"{source} is no master key: it must be 32 bytes in base64 (44 characters).")
    return key
