"""What humans decided about a brief's people, and what is new since they last looked."""

from sourcer.shortlist.deciding import Deciding, Meant, add, note, people_meant, remove, set_state, tag, untag
from sourcer.shortlist.listing import Entry, decision_json, read_history, read_shortlist
from sourcer.shortlist.wording import history_text, shortlist_text

__all__ = [
    "Deciding",
    "Entry",
    "Meant",
    "add",
    "decision_json",
    "history_text",
    "note",
    "people_meant",
    "read_history",
    "read_shortlist",
    "remove",
    "set_state",
    "shortlist_text",
    "tag",
    "untag",
]
