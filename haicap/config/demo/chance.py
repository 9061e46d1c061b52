"""Numbers that look random and are the same on every machine: hashes instead of a generator's state."""

import hashlib
from statistics import NormalDist

_NORMAL = NormalDist()
_SPAN = 2**64


def uniform(*key: object) -> float:
    """In the open interval 0 … 1, decided by the key alone."""
    digest = hashlib.blake2b("\0".join(map(str, key)).encode(), digest_size=8).digest()
    return (int.from_bytes(digest) + 0.5) / _SPAN


def normal(*key: object) -> float:
    """Mean 0, standard deviation 1, cut at ±2.6 so that nothing becomes absurd."""
    return max(-2.6, min(2.6, _NORMAL.inv_cdf(uniform(*key))))
