"""Looking into a PDF without a library: its streams unpacked, and the files attached to it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator


def streams(pdf: bytes) -> Iterator[bytes]:
    """Every stream, unpacked where it was packed."""
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            yield zlib.decompress(stream)
        except zlib.error:
            yield stream


def inside(pdf: bytes) -> bytes:
    """Everything in it, streams unpacked."""
    return pdf + b"\n".join(streams(pdf))


def attached(pdf: bytes, begins: bytes) -> bytes:
    """The attached file that begins so."""
    found = next((stream for stream in streams(pdf) if stream.startswith(begins)), None)
    assert found is not None, f"nothing attached begins with {begins!r}"
    return found
