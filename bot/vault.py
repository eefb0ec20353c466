"""Sealing what waits in Redis, and the pseudonyms conversations go by.

Redis writes to disk. Therefore texts, sessions and addresses are stored only as AES-256-GCM
ciphertext, bound to the place they are stored in, and keys hold only a keyed hash of the chat.
"""

from __future__ import annotations

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12
_KEY_ID_BYTES = 4


class VaultError(Exception):
    """The bytes cannot be opened: another key, another place, or damage."""


class Vault:
    """Seals with the first key of `transcript_keys` and opens with any of them (rotation)."""

    def __init__(self, secret_key: str, transcript_keys: str) -> None:
        self._pseudonym_key = _derive(secret_key, b"pseudonym")
        self._webhook_key = _derive(secret_key, b"webhook")
        keys = [_derive(part.strip(), b"sealing") for part in transcript_keys.split(",") if part.strip()]
        self._ciphers = {_key_id(key): AESGCM(key) for key in keys}
        self._current = _key_id(keys[0])

    def pseudonym(self, channel: str, address: str) -> str:
        """The conversation's name: 32 hex digits, the same for the same chat, useless without the key."""
        return hmac.new(self._pseudonym_key, f"{channel}:{address}".encode(), hashlib.sha256).hexdigest()[:32]

    def webhook_secret(self) -> str:
        """A secret token for Telegram's webhook where none is configured."""
        return self._webhook_key.hex()

    def seal(self, plain: bytes, place: str) -> bytes:
        """Encrypt for `place` (a key name or purpose): the result opens only with the same `place`."""
        nonce = os.urandom(_NONCE_BYTES)
        return self._current + nonce + self._ciphers[self._current].encrypt(nonce, plain, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """Decrypt what `seal` made for the same `place`. Raises VaultError."""
        key_id, rest = sealed[:_KEY_ID_BYTES], sealed[_KEY_ID_BYTES:]
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise VaultError("sealed with a key that is not in TRANSCRIPT_KEY")
        try:
            return cipher.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], place.encode())
        except (InvalidTag, ValueError):
            raise VaultError("damaged, or moved from another place") from None


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"lotse:" + purpose).derive(secret.encode())


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"key-id" + key).digest()[:_KEY_ID_BYTES]
