"""A copy of the Stack Exchange API 2.3 that serves the invented communities; sources are the pages of its docs."""

from sourcer.demo.stackexchange.mishaps import EVERY, Mishap
from sourcer.demo.stackexchange.server import KEY, StackExchangeServer

__all__ = ["EVERY", "KEY", "Mishap", "StackExchangeServer"]
