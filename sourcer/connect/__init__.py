"""The public contract: the only module of Sourcer that a connector imports.

See ``docs/connectors.md`` for how to write one, and :mod:`sourcer.connect.testing` for the tests it must pass.
"""

from sourcer.config import HttpAddress, Secret, SecretRef, Settings
from sourcer.connect.contract import CONTRACT, Connector
from sourcer.connect.written import links_in
from sourcer.domain import (
    Checkpoint,
    Depth,
    Done,
    Evidence,
    Focus,
    Gone,
    Item,
    Json,
    LinkClaim,
    Plan,
    Profile,
    Ref,
    SitePlan,
    Unknown,
    Visit,
    covers,
    parse_time,
)
from sourcer.errors import AnswerError, Denied, NotConfigured, SiteError, Spent, TooLarge
from sourcer.fetch import Answer, Fetcher
from sourcer.fetch.policy import Bucket, ProfileUrl, Quota, Refusal, SitePolicy

__all__ = [
    "CONTRACT",
    "Answer",
    "AnswerError",
    "Bucket",
    "Checkpoint",
    "Connector",
    "Denied",
    "Depth",
    "Done",
    "Evidence",
    "Fetcher",
    "Focus",
    "Gone",
    "HttpAddress",
    "Item",
    "Json",
    "LinkClaim",
    "NotConfigured",
    "Plan",
    "Profile",
    "ProfileUrl",
    "Quota",
    "Ref",
    "Refusal",
    "Secret",
    "SecretRef",
    "Settings",
    "SiteError",
    "SitePlan",
    "SitePolicy",
    "Spent",
    "TooLarge",
    "Unknown",
    "Visit",
    "covers",
    "links_in",
    "parse_time",
]
