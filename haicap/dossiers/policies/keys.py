"""Codes of dossiers and accounts become keyed hashes; the code itself is forgotten.

BLAKE2b with a key of this installation: without the key nobody can try out codes against the table. A keyed
hash is still personal data (Law 91/2025), so it never leaves the room.
"""

from collections.abc import Callable
from hashlib import blake2b

from django.conf import settings

BYTES = 16
_SALTS = {"dossier": b"haicap-dossier", "account": b"haicap-account"}


def hasher(what: str) -> Callable[[str], str]:
    """text → 32 hexadecimal digits, for "dossier" or "account". Spaces and case do not count."""
    key = blake2b(settings.DOSSIER_KEY.encode(), digest_size=32, person=_SALTS[what]).digest()

    def hashed(text: str) -> str:
        plain = text if text.isalnum() else " ".join(text.split())
        return blake2b(plain.upper().encode("utf-8", "replace"), digest_size=BYTES, key=key).hexdigest()

    return hashed


def digest(content: bytes) -> int:
    """64 bits of what a row says, as the signed number that both databases hold."""
    return int.from_bytes(blake2b(content, digest_size=8).digest(), "big", signed=True)
