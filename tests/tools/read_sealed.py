#!/usr/bin/env python3
"""Opens a sealed object of Rightsdesk, or a range of it, without any code of the service.

    read_sealed.py FILE ARCHIVE_UUID PART KEY_HEX [START END] > plain

docs/archive-format.md describes the layout. Needs the package `cryptography`.
"""

import sys
import uuid

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"RDSEAL/1"
HEADER, CHUNK, TAG = 64, 64 * 1024, 16


class Broken(Exception):
    """It was changed, cut, or belongs elsewhere."""


def open_range(sealed, archive, part, key, start=0, end=None):
    """The plain bytes from `start` to `end` (all of them by default)."""
    expected = MAGIC + archive.bytes + part.to_bytes(4, "big") + CHUNK.to_bytes(4, "big")
    header, body = sealed[:HEADER], sealed[HEADER:]
    if len(header) != HEADER or not header.startswith(expected) or not body:
        raise Broken("header")
    info = b"rightsdesk sealed v1|" + header[8:32]
    aead = AESGCM(HKDF(SHA256(), 32, salt=header[32:], info=info).derive(key))
    chunks = -(-len(body) // (CHUNK + TAG))
    size = len(body) - chunks * TAG
    if size < 0 or max(1, -(-size // CHUNK)) != chunks:
        raise Broken("size")
    end = size if end is None else end
    if not 0 <= start <= end <= size:
        raise Broken("range")
    first, last = start // CHUNK, max(start, end - 1) // CHUNK
    plain = b""
    for index in range(first, last + 1):
        piece = body[index * (CHUNK + TAG) : (index + 1) * (CHUNK + TAG)]
        nonce = bytes(7) + index.to_bytes(4, "big") + bytes([index == chunks - 1])
        try:
            plain += aead.decrypt(nonce, piece, None)
        except InvalidTag:
            raise Broken(f"chunk {index}") from None
    return plain[start - first * CHUNK : end - first * CHUNK]


def main():
    if len(sys.argv) not in (5, 7):
        sys.exit(__doc__)
    path, archive, part, key = sys.argv[1:5]
    with open(path, "rb") as file:
        sealed = file.read()
    span = [int(number) for number in sys.argv[5:]]
    try:
        plain = open_range(sealed, uuid.UUID(archive), int(part), bytes.fromhex(key), *span)
    except Broken as broken:
        sys.exit(f"does not open: {broken}")
    sys.stdout.buffer.write(plain)


if __name__ == "__main__":
    main()
