"""The crawl: discover, fetch, store, score; resumable after a kill at any moment."""

from sourcer.crawl.choice import Choice, choose
from sourcer.crawl.engine import CrawlOutcome, CrawlRequest, crawl, lock_of
from sourcer.crawl.notify import post
from sourcer.crawl.planning import plan_crawl
from sourcer.crawl.refresh import refresh_request

__all__ = [
    "Choice",
    "CrawlOutcome",
    "CrawlRequest",
    "choose",
    "crawl",
    "lock_of",
    "plan_crawl",
    "post",
    "refresh_request",
]
