"""The members of an organisation, as far as they say so in public."""

from __future__ import annotations

from dataclasses import dataclass

from sourcer.connect import AnswerError, Json
from sourcer_github.client import Client
from sourcer_github.observe import ref_of
from sourcer_github.pages import Page, read_page
from sourcer_github.queries.finding import MEMBERS
from sourcer_github.wire.finding import MembersNode

__all__ = ["Members"]


@dataclass(frozen=True, slots=True)
class Members:
    """The people of one organisation, by its login. A step is a cursor."""

    login: str

    @property
    def first(self) -> Json:
        """From the beginning."""
        return None

    async def read(self, client: Client, step: Json) -> Page:
        """Read one page. An organisation that does not exist is noted among the run's errors and left out.

        Raises:
            SiteError: The page cannot be had even when it is small.
        """
        variables = {"login": self.login, "after": step}
        asked = f"the members of the organisation {self.login}"
        try:
            node = await read_page(
                client, MEMBERS, variables, MembersNode, field="organization", asked=asked, inner="members_with_role"
            )
        except AnswerError as fault:
            client.note(fault)
            return Page()
        members = node.members_with_role
        cursor = members.page_info.end_cursor if members.page_info.has_next_page else None
        return Page.of(map(ref_of, members.present), () if cursor is None else (cursor,))
