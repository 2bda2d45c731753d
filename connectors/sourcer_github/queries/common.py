"""What every query ends with, and the cheapest question there is."""

from __future__ import annotations

from typing import Final

__all__ = ["LIMITS", "RATE"]

RATE: Final = "rateLimit { cost limit remaining resetAt }"

LIMITS: Final = f"query Limits {{ {RATE} }}"
"""The cheapest question there is."""
