"""READMEs that GitHub shows on profiles: in some people name their own accounts, in others stands what looks like it.

They come last: nothing else in a world depends on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from random import Random
from typing import Final

from sourcer.demo.build import Builder, moment
from sourcer.demo.kaggle.model import SITE_KAGGLE, Kaggler
from sourcer.demo.model import TODAY, Account, Person, Proof, World, dice
from sourcer.demo.proofs import kaggler_spellings, key_of, member_spellings

__all__ = ["plant_introductions"]

_SHARE: Final = 0.4
"""Of those who have an account elsewhere."""

_HEAD: Final = """\
# Hi, I am {login}

<!-- This repository is special: its README.md appears on your profile. Kaggle: {site}/your-name-here -->

![stats](https://cards.example/api?username={login}&show=https://www.kaggle.com/{login}-cards)

"""

_WAYS: Final[tuple[str, ...]] = (
    "- I compete as [{login}]({url}).\n",
    "[![me](https://img.shields.example/badge/me-blue?logo=x)]({url})\n",
    '<p align="left"><a href="{url}" target="blank"><img src="https://icons.example/me.svg" height="30" /></a></p>\n',
    "Find me at <{url}>.\n",
    "I also write at {url}, now and then.\n",
    "| where | what |\n| --- | --- |\n| {url} | me |\n",
    "More on [another page][me]\n\n[me]: {url}\n",
    "<details><summary>More</summary>\n\n* [there]({url} 'me, too')\n\n</details>\n",
)

_FALSE: Final[dict[str, str]] = {
    "readme_card": "![rank](https://cards.example/rank?of={url})\n\n![]({url}/badge.svg)\n",
    "readme_flair": "[![flair]({url}/flair.png)](https://cards.example/{login})\n",
    "readme_comment": "<!--\nThe template says: [Kaggle]({url})\n-->\n",
    "readme_code": "```\ncurl {url}\n```\n\nor `{url}`\n",
    "readme_friend": "Thanks to [{name}]({url}) for all the fish.\n",
    "readme_project": "I maintain [one of many]({site}/competitions/{contest}).\n",
}
"""By the trap's name; each names a stranger on Kaggle who says nothing."""


def plant_introductions(builder: Builder, *, even: bool = False) -> None:
    """Write READMEs on profiles: true statements, and then false friends by people who are on GitHub alone.

    Args:
        builder: Of a world that is complete.
        even: Keeps the number of everybody's repositories: an old one goes.
    """
    rng = dice(builder.world.seed, "introductions")
    marked = {key for keys in builder.world.traps.values() for key in keys}

    def write(account: Account, text: str, *, forked: bool = False) -> bool:
        if even and not _make_room(builder.world, account, marked):
            return False
        _write(builder, rng, account, text, forked=forked)
        return True

    for person in builder.world.people:
        if person.github is not None and not person.traps and rng.random() < _SHARE:
            _introduce(builder.world, rng, person, write)
    _mislead(builder.world, write)


def _make_room(world: World, account: Account, marked: set[str]) -> bool:
    """Take away a repository that stands for nothing."""
    plain = (one for one in account.repositories if f"github:{one.name_with_owner}" not in marked)
    found = next((one for one in plain if not (one.pull_requests or one.topics)), None)
    if found is not None:
        account.repositories.remove(found)
        world.repositories.remove(found)
    return found is not None


def _write(builder: Builder, rng: Random, account: Account, text: str, *, forked: bool) -> None:
    pushed = moment(rng, account.created_at, TODAY - timedelta(days=2))
    head = _HEAD.format(login=account.login, site=SITE_KAGGLE)
    repository = builder.repository(
        account, account.login, account.created_at, pushed, files={"README.md": head + text}
    )
    if forked:
        repository.parent = next(one for one in builder.world.repositories if one.owner is not account)


def _introduce(world: World, rng: Random, person: Person, write: Callable[[Account, str], bool]) -> None:
    account, member, kaggler = person.github, person.stackoverflow, person.kaggle
    named: list[tuple[Proof, str]] = []
    if account is not None and kaggler is not None:
        url = rng.choice(kaggler_spellings(kaggler))
        named.append((Proof(key_of(account), key_of(kaggler), "readme"), url))
    if account is not None and member is not None:
        url = rng.choice(member_spellings(member))
        named.append((Proof(key_of(account), key_of(member), "readme"), url))
    if account is not None and named:
        text = "\n".join(_say(rng, account.login, url) for _, url in named)
        world.proofs += [proof for proof, _ in named] if write(account, text) else []


def _say(rng: Random, login: str, url: str) -> str:
    way = rng.choice(_WAYS)
    # Who writes a link has copied it whole; without its scheme it stands in plain words only.
    whole = url if "://" in url else f"https://{url}"
    return way.format(login=login, url=url if "{url}," in way else whole)


def _mislead(world: World, write: Callable[..., bool]) -> None:
    """False friends: pictures, comments, examples and friends, and a README that was taken over with its repository."""
    speakers = _alone(world)
    for (trap, text), stranger in zip((*_FALSE.items(), ("readme_fork", _WAYS[0])), _strangers(world), strict=False):
        account = next(speakers, None)
        if account is None:
            return
        contest = world.kaggle.contests[0].slug
        url = f"{SITE_KAGGLE}/{stranger.login}"
        words = {"login": account.login, "url": url, "site": SITE_KAGGLE, "contest": contest, "name": stranger.name}
        if write(account, text.format(**words), forked=trap == "readme_fork"):
            world.traps[trap] = [f"github:{account.login}"]


def _alone(world: World) -> Iterator[Account]:
    for person in world.people:
        account = person.github
        alone = person.stackoverflow is None and person.kaggle is None and not person.traps
        if account is not None and alone and account.name and " " in account.name and account.website is None:
            yield account


def _strangers(world: World) -> Sequence[Kaggler]:
    """Who is on Kaggle alone, under a name of their own; the first ones are spoken of elsewhere."""
    alone = [one.kaggle for one in world.people if not (one.traps or one.github or one.stackoverflow)]
    return [one for one in alone if one is not None and one.name and not one.shown][3:]
