"""What humans decided about a brief's people, and what is new since they last looked."""

from sourcer.shortlist.deciding import Deciding, Meant, add, note, people_meant, remove, set_state, tag, untag
from sourcer.shortlist.digest import keep_look, read_digest
from sourcer.shortlist.listing import Entry, decision_json, put_aside, read_history, read_shortlist
from sourcer.shortlist.news import Change, Digest, Told
from sourcer.shortlist.ranked import View
from sourcer.shortlist.since import read_since
from sourcer.shortlist.telling import digest_markdown, digest_text, hook_body
from sourcer.shortlist.wording import history_text, shortlist_text

__all__ = [
    "Change",
    "Deciding",
    "Digest",
    "Entry",
    "Meant",
    "Told",
    "View",
    "add",
    "decision_json",
    "digest_markdown",
    "digest_text",
    "history_text",
    "hook_body",
    "keep_look",
    "note",
    "people_meant",
    "put_aside",
    "read_digest",
    "read_history",
    "read_shortlist",
    "read_since",
    "remove",
    "set_state",
    "shortlist_text",
    "tag",
    "untag",
]
