"""The duties of whoever holds personal data: nothing is kept for ever, and people are told."""

from sourcer.privacy.notices import NOTICE_DAYS, Notice, notice_due, notices_due
from sourcer.privacy.retention import Purged, purge, purgeable

__all__ = ["NOTICE_DAYS", "Notice", "Purged", "notice_due", "notices_due", "purge", "purgeable"]
