"""The saved-pages way of the connector: profiles that a user saved by hand. It makes no request."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Final

from sourcer.connect import (
    AnswerError,
    Checkpoint,
    Depth,
    Done,
    Evidence,
    Focus,
    Gone,
    Item,
    Plan,
    Profile,
    Ref,
    SitePlan,
    Unknown,
    Visit,
)
from sourcer_kaggle.observe import competition_result, medal_flags, standing
from sourcer_kaggle.pages.files import Pages, find_pages, read_pages
from sourcer_kaggle.pages.profile import Highlight, Saved
from sourcer_kaggle.settings import KaggleDiscover
from sourcer_kaggle.sites import SITE, profile_url
from sourcer_kaggle.texts import line
from sourcer_kaggle.tiers import TIERS, is_person, tier_number

__all__ = ["NOT_TOLD", "SavedPages"]

SCOPE: Final = ("profile.text", "competition.result")
"""What evidence a page may give. Results are marked as unknown besides: a page shows some of them."""

NOT_TOLD: Final = {
    "competition.result": "a saved page shows a few highlights at most",
    "notebook.published": "a saved page does not list notebooks",
    "dataset.published": "a saved page does not list data sets",
    "model.published": "a saved page does not list models",
    "notebook.imports": "a saved page holds no sources of notebooks",
}
"""What a page does not tell, or not whole."""

_CHECKPOINT_PEOPLE: Final = 100


class SavedPages:
    """The pages in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def check(self) -> None:
        """Whether there are pages.

        Raises:
            NotConfigured: There are none.
        """
        await asyncio.to_thread(find_pages, self._folder)

    async def plan(self, wish: KaggleDiscover) -> Plan:
        """No requests. Counts the people."""
        pages = await asyncio.to_thread(read_pages, self._folder)
        return Plan({SITE: SitePlan(people=len(_wanted(pages, wish)))})

    async def discover(self, wish: KaggleDiscover, after: Checkpoint | None) -> AsyncIterator[Item]:
        """Whose page was saved, as far as their tier or their words are wished for; an unknown tier is let pass.

        Raises:
            AnswerError: Some files tell of nobody, or nobody's page was saved of somebody who is named. It comes last.
        """
        pages = await asyncio.to_thread(read_pages, self._folder)
        people = _wanted(pages, wish)
        start = 0
        if after is not None and after.state.get("pages") == pages.mark:
            start = sum(uid <= int(after.state["uid"]) for uid in people)
        for place, uid in enumerate(people[start:], start=1):
            ref = _ref(uid, pages.people[uid])
            yield ref
            for item in _items(ref, pages.people[uid]):
                yield item
            if place % _CHECKPOINT_PEOPLE == 0 or place == len(people) - start:
                yield Checkpoint({"pages": pages.mark, "uid": uid})
        for uid, saved in sorted(pages.people.items()):
            if not is_person(saved.tier):
                yield Gone(_ref(uid, saved), "not the account of a candidate")
        _complain(self._folder, pages, wish)

    async def fetch(self, visits: Sequence[Visit], depth: Depth, focus: Focus) -> AsyncIterator[Item]:  # noqa: ARG002  # a page tells all at once
        """Look up accounts that no discovery found. Nothing is deeper than that."""
        pages = await asyncio.to_thread(read_pages, self._folder) if depth == "cheap" else None
        for visit in visits:
            saved = pages.people.get(int(visit.ref.uid)) if pages and visit.ref.uid.isdecimal() else None
            if saved is not None and not is_person(saved.tier):
                yield Gone(visit.ref, "not the account of a candidate")
            elif saved is not None:
                for item in _items(_ref(int(visit.ref.uid), saved), saved):
                    yield item
            else:
                if pages is not None:
                    yield Unknown(visit.ref, "*", "no page of this account was saved")
                yield Done(visit.ref)


def _complain(folder: Path, pages: Pages, wish: KaggleDiscover) -> None:
    """Raise where not everything was of use, or not everybody there."""
    reasons = [f"{count} of them: {reason}" for reason, count in sorted(pages.rejected.items())]
    logins = {(saved.login or "").lower() for saved in pages.people.values()}
    missing = [f"#{uid}" for uid in wish.uids if uid not in pages.people]
    missing += [login for login in wish.logins if login not in logins]
    said = [f"{folder}: not all pages can be used: {'; '.join(reasons)}"] if reasons else []
    said += [f"{folder}: no page was saved of {', '.join(missing)}"] if missing else []
    if said:
        raise AnswerError("; ".join(said), kind="broken_page" if reasons else "no_account")


def _wanted(pages: Pages, wish: KaggleDiscover) -> list[int]:
    return sorted(uid for uid, saved in pages.people.items() if is_person(saved.tier) and _is_wished(saved, wish))


def _is_wished(saved: Saved, wish: KaggleDiscover) -> bool:
    tier = tier_number(saved.tier)
    said = " ".join(saved.texts.values()).casefold()
    by_tier = bool(wish.tiers) and (tier is None or TIERS[tier] in wish.tiers)
    named = saved.uid in wish.uids or (saved.login or "").lower() in wish.logins
    return by_tier or named or any(skill.casefold() in said for skill in wish.skills)


def _ref(uid: int, saved: Saved) -> Ref:
    return Ref(SITE, str(uid), saved.login or "")


def _items(ref: Ref, saved: Saved) -> Iterator[Item]:
    tier = tier_number(saved.tier)
    yield Profile(
        ref,
        profile_url(ref.login),
        name=saved.name,
        location=saved.location,
        bio=(saved.texts.get("bio") or "").strip() or None,
        company=saved.company,
        website=saved.website,
        links=saved.links,
        measure={**saved.measure, **({} if tier is None else {"tier": tier})},
        created_at=saved.created_at,
    )
    for what, said in sorted(saved.texts.items()):
        if text := line(said):
            terms = (f"text:{text}",)
            yield Evidence(ref, "profile.text", profile_url(ref.login), terms, title=what.capitalize(), key=what)
    for highlight in saved.highlights:
        if (result := _result(ref, highlight)) is not None:
            yield result
    for what, reason in NOT_TOLD.items():
        yield Unknown(ref, what, reason)
    yield Done(ref, SCOPE)


def _result(ref: Ref, highlight: Highlight) -> Evidence | None:
    measure = {**standing(highlight.rank, highlight.teams), **medal_flags(highlight.medal)}
    return competition_result(
        ref,
        slug=highlight.slug,
        title=highlight.title,
        tags=(),
        measure=measure,
        deadline=highlight.deadline,
    )
