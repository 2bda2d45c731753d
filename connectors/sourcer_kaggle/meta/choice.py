"""Choosing people out of Meta Kaggle: by tier, by what their notebooks are about, or by id; and their order."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from sourcer.connect import SiteError
from sourcer_kaggle.meta.engine import Engine, sql_text
from sourcer_kaggle.meta.scan import Scanner
from sourcer_kaggle.meta.tables import ACCOUNTS
from sourcer_kaggle.settings import KaggleDiscover
from sourcer_kaggle.tiers import NOBODY, TIERS

__all__ = ["Choice", "choice_of", "choose_people", "missing_of"]

_TELLING: Final = "+#*"
"""Marks that make another name: ``c``, ``c++`` and ``c#`` are three."""

_NOBODY: Final = ", ".join(str(number) for number in NOBODY.values())

# Whose tier is unknown may be staff: they are left in only where something else chose them.
_CHOSEN: Final = f"""
SELECT Id AS uid, max(UserName) AS login, max(DisplayName) AS name, max(RegisterDate) AS registered,
       max(Country) AS country, max(PerformanceTier) AS tier
FROM source
WHERE Id > 0 AND coalesce(trim(UserName), '') <> '' AND coalesce(PerformanceTier NOT IN ({_NOBODY}), true)
  AND coalesce(NOT ProgressionOptOut, true)
  AND (PerformanceTier IN (SELECT unnest(%(tiers)s)) OR Id IN (SELECT uid FROM wanted)
       OR lower(UserName) IN (SELECT unnest(%(logins)s)))
GROUP BY Id
"""  # noqa: S608  # our own numbers

# A tier that is being counted again is unknown. The rank is that of competitions, as in the order of the API.
_IN_ORDER: Final = f"""
CREATE TABLE person AS
SELECT row_number() OVER (ORDER BY tier DESC NULLS LAST, standing NULLS LAST, uid) AS position, *
FROM (
    SELECT uid, login, name, registered, country,
           CASE WHEN tier BETWEEN 0 AND {len(TIERS) - 1} THEN tier END AS tier, ranked.standing
    FROM chosen LEFT JOIN (
        SELECT UserId, min(CurrentRanking) AS standing FROM achievement
        WHERE AchievementType = 'Competitions' AND CurrentRanking > 0 GROUP BY UserId
    ) AS ranked ON ranked.UserId = uid
)
"""  # noqa: S608  # our own number

_ACHIEVEMENTS: Final = "SELECT * FROM source WHERE UserId IN (SELECT uid FROM chosen)"

_BY_WORDS: Final = """
SELECT DISTINCT AuthorUserId AS uid FROM source
WHERE %(matches)s OR Id IN (SELECT KernelId FROM skill_kernel)
"""


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom to take.

    Args:
        tiers: Everybody of these tiers.
        words: Everybody with a notebook whose address has these words, spelled as in addresses.
        tags: Everybody with a notebook that has these tags, with hyphens between words.
        untold: Skills that no address can tell.
        uids: Exactly these people besides.
        logins: And those of these user names, in lower case.
    """

    tiers: tuple[int, ...] = ()
    words: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()
    uids: tuple[int, ...] = ()
    logins: tuple[str, ...] = ()


def choice_of(wish: KaggleDiscover) -> Choice:
    """What a brief asks for, in the words of the tables."""
    told = {skill: words for skill in wish.skills if (words := _address_words(skill))}
    spelled = ("-".join(skill.lower().split()) for skill in wish.skills)
    return Choice(
        tuple(TIERS.index(tier) for tier in wish.tiers),
        words=tuple(dict.fromkeys(told.values())),
        tags=tuple(dict.fromkeys((*told.values(), *spelled))),
        untold=tuple(skill for skill in wish.skills if skill not in told),
        uids=wish.uids,
        logins=wish.logins,
    )


def missing_of(engine: Engine, choice: Choice) -> tuple[list[int], list[str]]:
    """Which numbers and user names of a choice lead to nobody. Blocks."""
    uids = {uid for (uid,) in engine.rows("SELECT uid FROM person WHERE uid IN (SELECT unnest(?))", [[*choice.uids]])}
    named = "SELECT lower(login) FROM person WHERE lower(login) IN (SELECT unnest(?))"
    logins = {login for (login,) in engine.rows(named, [[*choice.logins]])}
    return [uid for uid in choice.uids if uid not in uids], [one for one in choice.logins if one not in logins]


def choose_people(engine: Engine, scanner: Scanner, choice: Choice) -> None:
    """Make the tables ``person``, in order, and ``achievement``.

    Raises:
        SiteError: The tables cannot tell who is meant.
    """
    if choice.tiers:
        scanner.prepare(ACCOUNTS.name)
        if ACCOUNTS.name not in scanner.broken and not scanner.has(ACCOUNTS.name, "PerformanceTier"):
            raise SiteError(
                "Meta Kaggle's Users.csv has no column PerformanceTier: it cannot tell who is of which tier"
            )
    _want(engine, scanner, choice)
    # Table functions take no parameters inside CREATE TABLE; these are numbers, and letters, digits, - and _.
    tiers = f"{list(choice.tiers)}::BIGINT[]"
    logins = f"{list(choice.logins)}::VARCHAR[]"
    scanner.make("chosen", ACCOUNTS.name, _CHOSEN % {"tiers": tiers, "logins": logins})
    if ACCOUNTS.name in scanner.broken and not engine.value("SELECT count(*) FROM chosen"):
        raise SiteError(f"{scanner.broken[ACCOUNTS.name]}; fetch it again")
    scanner.make("achievement", "UserAchievements", _ACHIEVEMENTS)
    engine.run(_IN_ORDER)


def _want(engine: Engine, scanner: Scanner, choice: Choice) -> None:
    """Make the table ``wanted``: people who are chosen by something else than their tier."""
    if not choice.tags:
        engine.make("wanted", ("uid BIGINT",))
    else:
        scanner.make("tag_name", "Tags", "SELECT Id, coalesce(Name, Slug) AS name FROM source")
        tags = ", ".join(sql_text(tag) for tag in choice.tags)
        wanted = f"SELECT Id FROM tag_name WHERE replace(lower(trim(name)), ' ', '-') IN ({tags})"  # noqa: S608  # quoted
        query = f"SELECT DISTINCT KernelId FROM source WHERE TagId IN ({wanted})"  # noqa: S608
        scanner.make("skill_kernel", "KernelTags", query)
        slug = "'-' || lower(CurrentUrlSlug) || '-'"
        matches = " OR ".join(f"contains({slug}, '-{words}-')" for words in choice.words)
        scanner.make("wanted", "Kernels", _BY_WORDS % {"matches": matches or "false"})
        if "Kernels" in scanner.broken and not choice.tiers:
            raise SiteError(f"{scanner.broken['Kernels']}: it cannot tell what notebooks are about")
    if choice.uids:
        engine.run(f"INSERT INTO wanted SELECT unnest({list(choice.uids)}::BIGINT[])")


def _address_words(skill: str) -> str:
    """A skill as Kaggle writes it into addresses: lower case, hyphens between words, no accents.

    Empty where an address does not keep what makes the skill: of ``c++`` it keeps a ``c``, of other scripts nothing.
    """
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", skill.lower()) if not unicodedata.combining(mark))
    if any(mark in _TELLING or (mark.isalnum() and not mark.isascii()) for mark in bare):
        return ""
    return "-".join(re.findall(r"[a-z0-9]+", bare))
