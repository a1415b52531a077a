"""Identifiers made in Python, so that both engines and every process agree on them."""

import os
import time
from uuid import UUID


def new_id() -> str:
    """A time-ordered identifier: UUID version 7 (RFC 9562), as 36 characters of text."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10))
    value = milliseconds << 80 | random
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(UUID(int=value))
