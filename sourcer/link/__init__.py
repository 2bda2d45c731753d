"""Which accounts are one human, by what they themselves say in public: proof, never names."""

from sourcer.link.human import decide_accounts, undo_accounts
from sourcer.link.linking import decide_pair, link_people, links_json, undo_pair

__all__ = ["decide_accounts", "decide_pair", "link_people", "links_json", "undo_accounts", "undo_pair"]
