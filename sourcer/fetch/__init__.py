"""The only user of an HTTP client: budget, retries, refusals, size limit, archive, replay."""

from sourcer.fetch.answer import Answer
from sourcer.fetch.archive import Archive
from sourcer.fetch.budget import RunBudget
from sourcer.fetch.fetcher import Fetcher
from sourcer.fetch.recorder import Records
from sourcer.fetch.usage import Usage

__all__ = ["Answer", "Archive", "Fetcher", "Records", "RunBudget", "Usage"]
