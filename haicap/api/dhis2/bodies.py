"""From the bytes of a request to one stream of records: JSON, CSV, XML, ADX, each also as gzip.

Bounded before it is read: the sent bytes by the server's limit, the unpacked ones here.
"""

from __future__ import annotations

import zlib

from django.http import HttpRequest

from haicap.api.dhis2 import csvbodies, jsonbodies, xmlbodies
from haicap.api.dhis2.messages import WebMessageError
from haicap.api.dhis2.records import Body, unreadable

MEBIBYTE = 1024 * 1024
# About 200,000 values as JSON, 400,000 as CSV; larger loads have the machines' own door, read in pieces.
UNPACKED_LIMIT = 32 * MEBIBYTE
GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"
JSON, CSV, XML, ADX = "json", "csv", "xml", "adx"


def of(request: HttpRequest, limit: int = UNPACKED_LIMIT) -> bytes:
    """What was sent, read in pieces and no further than the limit. WebMessageError 400 or 413."""
    pieces, total = [], 0
    try:
        while piece := request.read(MEBIBYTE):
            total += len(piece)
            if total > limit:
                raise too_large(limit)
            pieces.append(piece)
    except OSError:
        raise unreadable("The body ended before it was sent whole") from None
    return b"".join(pieces)


def unpacked(data: bytes, limit: int = UNPACKED_LIMIT) -> bytes:
    """The body as it was before it was packed. WebMessageError 400, 413 or 415."""
    if data[:4] == ZIP:
        raise unreadable("ZIP is not read here, pack the body with gzip", 415)
    if data[:2] != GZIP:
        return data
    pieces, total = [], 0
    try:
        while data:
            reader = zlib.decompressobj(wbits=31)
            rest = data
            while rest and not reader.eof:
                piece = reader.decompress(rest, MEBIBYTE)
                rest = reader.unconsumed_tail
                total += len(piece)
                if total > limit:
                    raise too_large(limit)
                pieces.append(piece)
            if not reader.eof:
                raise unreadable("The gzip body ends too early")
            data = reader.unused_data
            if data[:2] != GZIP:
                break
    except zlib.error:
        raise unreadable("The gzip body cannot be unpacked") from None
    return b"".join(pieces)


def too_large(limit: int) -> WebMessageError:
    size = limit // MEBIBYTE
    return unreadable(f"The body is larger than {size} MB when unpacked; send it in parts", 413)


def format_of(content_type: str, data: bytes) -> str:
    """What the sender says it is; where that is nothing or "any file", what it begins with."""
    kind = content_type.partition(";")[0].strip().lower()
    if "adx" in kind:
        return ADX
    for part, name in (("json", JSON), ("csv", CSV), ("xml", XML)):
        if part in kind:
            return name
    if kind not in ("", "application/octet-stream", "application/gzip", "text/plain", "application/x-gzip"):
        raise unreadable(f"Content type `{kind[:60]}` is not read here: send JSON, CSV, XML or ADX", 415)
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:400]
    if start[:1] in (b"{", b"["):
        return JSON
    if start[:1] == b"<":
        return ADX if b"urn:ihe:qrph:adx" in start else XML
    return CSV


def parse(data: bytes, content_type: str, first_row_is_header: bool = True) -> Body:
    """WebMessageError 400, 409, 413 or 415 for a body of which nothing can be taken in."""
    data = unpacked(data)
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        raise unreadable("The request has no body")
    kind = format_of(content_type, data)
    if kind == JSON:
        return jsonbodies.parse(data)
    if kind == CSV:
        return csvbodies.parse(data, first_row_is_header)
    return xmlbodies.parse(data)
