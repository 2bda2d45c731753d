"""An invented Stack Exchange for tests: it answers as API 2.3 is documented to, from the rows of an invented dump.

One world therefore shows itself both ways: :func:`support.dumps.write_dump` writes it as a dump, :class:`StackExchange`
serves it. It keeps count of the quota, of pauses that it asked for and that were not kept, and of what was asked.
"""

from __future__ import annotations

import gzip
import html
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx

from support.dumps import Row

__all__ = ["API", "NOW", "Asked", "Site", "StackExchange", "epoch", "refused", "zipped"]

API: Final = "https://api.stackexchange.com/2.3"
NOW: Final = 1_795_000_000
SITE_HOSTS: Final = {"ai": "ai.stackexchange.com", "stats": "stats.stackexchange.com"}

Node = dict[str, Any]
Fault = Callable[["Asked"], httpx.Response | None]

_RANKS: Final = {1: "gold", 2: "silver", 3: "bronze"}
_MONTH: Final = 30 * 86_400


def epoch(text: object) -> int | None:
    """A dump's date as the API tells it."""
    return int(datetime.fromisoformat(str(text)).replace(tzinfo=UTC).timestamp()) if text else None


class Refused(Exception):
    """An error of the API."""

    def __init__(self, error: int, name: str, message: str) -> None:
        super().__init__(message)
        self.body: Node = {"error_id": error, "error_name": name, "error_message": message}


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    path: str
    params: Mapping[str, str]

    @property
    def method(self) -> str:
        """The documented method, ids and tags left out: ``users/{}/answers``."""
        return re.sub(r"^(users|badges|questions|tags)/(?!tags$)[^/]+", r"\1/{}", self.path).replace("tags/{}/tags", "")

    @property
    def ids(self) -> list[int]:
        """The ids of the path."""
        return [int(one) for one in self.path.split("/")[1].split(";")]


@dataclass
class Site:
    """The rows of one site, as a dump has them."""

    users: Sequence[Row] = ()
    posts: Sequence[Row] = ()
    badges: Sequence[Row] = ()
    votes: Sequence[Row] = ()

    @cached_property
    def questions(self) -> list[Row]:
        return [row for row in self.posts if row["PostTypeId"] == 1]

    @cached_property
    def answers(self) -> list[Row]:
        return [row for row in self.posts if row["PostTypeId"] == 2]

    @cached_property
    def _questions_by_id(self) -> dict[object, Row]:
        return {row["Id"]: row for row in self.questions}

    @cached_property
    def users_by_id(self) -> dict[object, Row]:
        return {row["Id"]: row for row in self.users}

    @cached_property
    def answer_counts(self) -> Counter[object]:
        return Counter(row["ParentId"] for row in self.answers)

    def question_of(self, answer: Row) -> Row:
        return self._questions_by_id[answer["ParentId"]]

    def tags_of(self, post: Row) -> list[str]:
        question = post if post["PostTypeId"] == 1 else self.question_of(post)
        return [tag for tag in re.split(r"[<>|]+", str(question["Tags"])) if tag]

    def answers_in(self, tag: str) -> list[Row]:
        return [row for row in self.answers if tag in self.tags_of(row)]


@dataclass
class StackExchange:
    """Sites, what was asked, and faults that may take an answer's place.

    ``pauses`` gives the ``backoff`` of an answer; ``clock`` tells whether it was kept: ``impatient`` lists the methods
    that were asked again too soon.
    """

    sites: dict[str, Site]
    clock: Callable[[], float] = lambda: float(NOW)
    quota: int = 300
    key: str = ""
    fault: Fault = lambda _: None
    pauses: Callable[[Asked], int | None] = lambda _: None
    last_page: int = 25
    most: int = 100
    asked: list[Asked] = field(default_factory=list)
    impatient: list[str] = field(default_factory=list)
    filters: list[str] = field(default_factory=list)
    synonyms: dict[str, str] = field(default_factory=dict)
    _resting: dict[str, float] = field(default_factory=dict)

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer one HTTP request."""
        parts = urlsplit(str(request.url))
        asked = Asked(unquote(parts.path.removeprefix("/2.3/")), dict(parse_qsl(parts.query)))
        self.asked.append(asked)
        if self.clock() < self._resting.get(asked.method, 0):
            self.impatient.append(asked.method)
        broken = self.fault(asked)
        if broken is not None:
            return broken
        self.quota -= 1
        if self.quota < 0:
            return refused(502, "throttle_violation", "too many requests from this IP, more available in 40 seconds")
        try:
            return self._answer(asked, self._body(asked))
        except Refused as no:
            return zipped(no.body, 400)

    def methods(self) -> Counter[str]:
        """How often each method was asked."""
        return Counter(asked.method for asked in self.asked)

    def _answer(self, asked: Asked, body: Node) -> httpx.Response:
        pause = self.pauses(asked)
        if pause is not None:
            body["backoff"] = pause
            self._resting[asked.method] = self.clock() + pause
        limit = 10_000 if self._has_key(asked) else 300
        return zipped({**body, "quota_max": limit, "quota_remaining": self.quota})

    def _has_key(self, asked: Asked) -> bool:
        return bool(self.key) and asked.params.get("key") == self.key

    def _body(self, asked: Asked) -> Node:
        if asked.path == "filters/create":
            return {
                "items": [{"filter": self._made(asked.params["include"]), "filter_type": "safe"}],
                "has_more": False,
            }
        chosen = asked.params.get("filter", "default")
        if chosen not in ("default", "total", *(f"!made{number}" for number in range(len(self.filters)))):
            raise Refused(400, "bad_parameter", "filter")
        has_site = not asked.path.endswith("/associated") and asked.path != "sites"
        if has_site and asked.params.get("site") not in self.sites:
            raise Refused(400, "bad_parameter", f"No site found for name `{asked.params.get('site')}`")
        items = self._items(asked)
        return {"total": len(items)} if chosen == "total" else self._page(asked, items)

    def _made(self, include: str) -> str:
        """The same fields always are the same filter."""
        if include not in self.filters:
            self.filters.append(include)
        return f"!made{self.filters.index(include)}"

    def _page(self, asked: Asked, items: list[Node]) -> Node:
        page, size = int(asked.params.get("page", 1)), int(asked.params.get("pagesize", 30))
        if page > self.last_page and not self._has_key(asked):
            raise Refused(403, "access_denied", "page above 25 requires access token or app key")
        if size > self.most and asked.path != "sites":
            raise Refused(400, "bad_parameter", "pagesize")
        found = items[(page - 1) * size : page * size]
        return {"items": found, "has_more": page * size < len(items)}

    def _items(self, asked: Asked) -> list[Node]:
        for pattern, way in _METHODS:
            if match := re.fullmatch(pattern, asked.path):
                groups = match.groupdict()
                self._check(groups.get("ids", ""), groups.get("tags", ""))
                return way(self, asked, **groups)
        raise Refused(404, "no_method", f"no method found with this name: {asked.path}")

    def _check(self, ids: str, tags: str) -> None:
        numbers = [int(one) for one in ids.split(";") if one]
        if len(numbers) > self.most or any(one > 2_147_483_647 for one in numbers):
            raise Refused(400, "bad_parameter", "ids")
        if len([one for one in tags.split(";") if one]) > 5:
            raise Refused(400, "bad_parameter", "tags")

    def _site(self, asked: Asked) -> Site:
        return self.sites[asked.params["site"]]

    # Methods.

    def _sites(self, asked: Asked) -> list[Node]:
        return [{"api_site_parameter": name, "site_url": f"https://{SITE_HOSTS[name]}"} for name in self.sites]

    def _info(self, asked: Asked, tags: str) -> list[Node]:
        site = self._site(asked)
        counts = Counter(tag for row in site.questions for tag in site.tags_of(row))
        named = (self.synonyms.get(tag, tag) for tag in tags.split(";"))
        return [{"name": tag, "count": counts[tag]} for tag in named if tag in counts]

    def _top(self, asked: Asked, tag: str, period: str) -> list[Node]:
        site, since = self._site(asked), self.clock() - _MONTH if period == "month" else 0
        sums: defaultdict[int, list[int]] = defaultdict(list)
        for row in site.answers_in(tag):
            if row["OwnerUserId"] is not None and not row.get("CommunityOwnedDate") and _time(row) >= since:
                sums[_int(row["OwnerUserId"])].append(_int(row["Score"]))
        best = sorted(sums, key=lambda uid: (-sum(sums[uid]), uid))[:30]
        return [
            {"user": self._shallow(site, uid), "score": sum(sums[uid]), "post_count": len(sums[uid])} for uid in best
        ]

    def _tag_badges(self, asked: Asked) -> list[Node]:
        counts = Counter((str(row["Name"]), _int(row["Class"])) for row in self._site(asked).badges if _is_tag(row))
        low, high, name = asked.params.get("min", ""), asked.params.get("max", "~"), asked.params.get("inname", "")
        return [
            {"badge_id": _badge_id(tag, rank), "name": tag, "rank": _RANKS[rank], "award_count": count} | _TAG_BASED
            for (tag, rank), count in sorted(counts.items())
            if name in tag and low <= tag <= high
        ]

    def _recipients(self, asked: Asked, ids: str) -> list[Node]:
        site, wanted = self._site(asked), {int(one) for one in ids.split(";")}
        rows = [row for row in site.badges if _is_tag(row) and _within(asked, epoch(row["Date"]) or 0)]
        rows = [row for row in rows if _badge_id(str(row["Name"]), _int(row["Class"])) in wanted]
        return [self._badge(site, row) for row in sorted(rows, key=lambda row: str(row["Date"]), reverse=True)]

    def _badge(self, site: Site, row: Row) -> Node:
        rank = _int(row["Class"])
        kind = _TAG_BASED if _is_tag(row) else {"badge_type": "named"}
        name = str(row["Name"])
        held = {"badge_id": _badge_id(name, rank), "name": html.escape(name), "rank": _RANKS[rank], "award_count": 1}
        return held | kind | {"user": self._shallow(site, _int(row["UserId"]))}

    def _questions(self, asked: Asked) -> list[Node]:
        site, tags = self._site(asked), asked.params["tagged"].split(";")
        together = all if asked.path == "questions" else any
        rows = [row for row in site.questions if together(tag in site.tags_of(row) for tag in tags)]
        return [self._question(site, row) for row in _by_votes(row for row in rows if _within(asked, _time(row)))]

    def _answers_to(self, asked: Asked, ids: str) -> list[Node]:
        site, wanted = self._site(asked), set(asked.ids)
        return self._answers(asked, site, [row for row in site.answers if row["ParentId"] in wanted])

    def _users(self, asked: Asked, ids: str) -> list[Node]:
        site, wanted = self._site(asked), set(asked.ids)
        return [self._user(asked, site, row) for row in site.users if row["Id"] in wanted]

    def _user_badges(self, asked: Asked, ids: str) -> list[Node]:
        site, wanted = self._site(asked), set(asked.ids)
        least = asked.params.get("min")
        rows = [row for row in site.badges if row["UserId"] in wanted and (least != "tag_based" or _is_tag(row))]
        return [self._badge(site, row) for row in rows]

    def _associated(self, asked: Asked, ids: str) -> list[Node]:
        wanted = set(asked.ids)
        return [
            {"account_id": row["AccountId"], "user_id": row["Id"], "site_url": f"https://{SITE_HOSTS[name]}"}
            for name, site in self.sites.items()
            for row in site.users
            if row.get("AccountId") in wanted
        ]

    def _user_answers(self, asked: Asked, ids: str) -> list[Node]:
        site, wanted = self._site(asked), set(asked.ids)
        return self._answers(asked, site, [row for row in site.answers if row["OwnerUserId"] in wanted])

    def _user_questions(self, asked: Asked, ids: str) -> list[Node]:
        site, wanted = self._site(asked), set(asked.ids)
        rows = [row for row in site.questions if row["OwnerUserId"] in wanted]
        return [self._question(site, row) for row in _by_votes(rows)]

    def _top_tags(self, asked: Asked, uid: str) -> list[Node]:
        site = self._site(asked)
        sums: defaultdict[str, list[int]] = defaultdict(list)
        for row in site.answers:
            if row["OwnerUserId"] == int(uid) and not row.get("CommunityOwnedDate"):
                for tag in site.tags_of(row):
                    sums[tag].append(_int(row["Score"]))
        return [
            {"tag_name": html.escape(tag), "answer_score": sum(sums[tag]), "answer_count": len(sums[tag])}
            for tag in sorted(sums, key=lambda tag: (-sum(sums[tag]), tag))
        ]

    def _top_answers(self, asked: Asked, uid: str, tags: str) -> list[Node]:
        site, wanted = self._site(asked), set(tags.split(";"))
        rows = [row for row in site.answers if row["OwnerUserId"] == int(uid) and wanted & set(site.tags_of(row))]
        return self._answers(asked, site, rows)[:30]

    # Objects.

    def _shallow(self, site: Site, uid: object) -> Node:
        row = site.users_by_id.get(uid)
        if row is None:
            return {"user_type": "does_not_exist", "display_name": "user123"}
        name = html.escape(str(row.get("DisplayName") or ""))
        return {"user_id": row["Id"], "user_type": "registered", "display_name": name}

    def _user(self, asked: Asked, site: Site, row: Row) -> Node:
        ranks = Counter(_RANKS[_int(badge["Class"])] for badge in site.badges if badge["UserId"] == row["Id"])
        node: Node = self._shallow(site, row["Id"]) | {
            "account_id": row.get("AccountId"),
            "reputation": row.get("Reputation"),
            "creation_date": epoch(row.get("CreationDate")),
            "location": html.escape(str(row["Location"])) if row.get("Location") else None,
            "badge_counts": {rank: ranks[rank] for rank in _RANKS.values()},
            "website_url": row.get("WebsiteUrl"),
            "about_me": row.get("AboutMe"),
            "view_count": row.get("Views"),
            "up_vote_count": row.get("UpVotes"),
            "down_vote_count": row.get("DownVotes"),
            "answer_count": sum(post["OwnerUserId"] == row["Id"] for post in site.answers),
            "question_count": sum(post["OwnerUserId"] == row["Id"] for post in site.questions),
        }
        return self._shown("user", asked, node)

    def _answers(self, asked: Asked, site: Site, rows: Iterable[Row]) -> list[Node]:
        return [self._shown("answer", asked, self._answer_node(site, row)) for row in _by_votes(rows)]

    def _answer_node(self, site: Site, row: Row) -> Node:
        question = site.question_of(row)
        bounty = sum(
            _int(vote["BountyAmount"])
            for vote in site.votes
            if vote["PostId"] == row["Id"] and vote["VoteTypeId"] == 9 and vote.get("BountyAmount")
        )
        return {
            "answer_id": row["Id"],
            "question_id": row["ParentId"],
            "owner": self._shallow(site, row["OwnerUserId"]),
            "score": row.get("Score"),
            "is_accepted": question.get("AcceptedAnswerId") == row["Id"],
            "creation_date": epoch(row.get("CreationDate")),
            "community_owned_date": epoch(row.get("CommunityOwnedDate")),
            "content_license": row.get("ContentLicense"),
            "tags": [html.escape(tag) for tag in site.tags_of(row)],
            "title": html.escape(str(question["Title"])),
            "awarded_bounty_amount": bounty or None,
        }

    def _question(self, site: Site, row: Row) -> Node:
        node: Node = {
            "question_id": row["Id"],
            "owner": self._shallow(site, row["OwnerUserId"]),
            "score": row.get("Score"),
            "view_count": row.get("ViewCount"),
            "answer_count": row.get("AnswerCount", site.answer_counts[row["Id"]]),
            "creation_date": epoch(row.get("CreationDate")),
            "community_owned_date": epoch(row.get("CommunityOwnedDate")),
            "content_license": row.get("ContentLicense"),
            "tags": [html.escape(tag) for tag in site.tags_of(row)],
            "title": html.escape(str(row["Title"])),
        }
        return _present(node)

    def _shown(self, kind: str, asked: Asked, node: Node) -> Node:
        """The node with the fields of its filter: what is not in the default one must have been asked for."""
        chosen = asked.params.get("filter", "default")
        made = self.filters[int(chosen.removeprefix("!made"))] if chosen.startswith("!made") else ""
        included = {name.partition(".")[2] for name in made.split(";") if name.startswith(f"{kind}.")}
        return _present({name: value for name, value in node.items() if name not in _EXTRA[kind] or name in included})


_TAG_BASED: Final = {"badge_type": "tag_based"}
_EXTRA: Final = {
    "user": {
        "website_url",
        "about_me",
        "view_count",
        "up_vote_count",
        "down_vote_count",
        "answer_count",
        "question_count",
    },
    "answer": {"tags", "title", "awarded_bounty_amount"},
}
_METHODS: Final[Sequence[tuple[str, Callable[..., list[Node]]]]] = (
    (r"sites", StackExchange._sites),
    (r"tags/(?P<tags>[^/]+)/info", StackExchange._info),
    (r"tags/(?P<tag>[^/;]+)/top-answerers/(?P<period>all_time|month)", StackExchange._top),
    (r"badges/tags", StackExchange._tag_badges),
    (r"badges/(?P<ids>[\d;]+)/recipients", StackExchange._recipients),
    (r"questions|search/advanced", StackExchange._questions),
    (r"questions/(?P<ids>[\d;]+)/answers", StackExchange._answers_to),
    (r"users/(?P<ids>[\d;]+)", StackExchange._users),
    (r"users/(?P<ids>[\d;]+)/badges", StackExchange._user_badges),
    (r"users/(?P<ids>[\d;]+)/associated", StackExchange._associated),
    (r"users/(?P<ids>[\d;]+)/answers", StackExchange._user_answers),
    (r"users/(?P<ids>[\d;]+)/questions", StackExchange._user_questions),
    (r"users/(?P<uid>\d+)/top-answer-tags", StackExchange._top_tags),
    (r"users/(?P<uid>\d+)/tags/(?P<tags>[^/]+)/top-answers", StackExchange._top_answers),
)


def refused(error: int, name: str, message: str) -> httpx.Response:
    """An error as the API sends it: always with status 400."""
    return zipped(Refused(error, name, message).body, 400)


def zipped(body: Node | bytes, status: int = 200) -> httpx.Response:
    """An answer as the API sends it: always compressed."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"content-encoding": "gzip", "content-type": "application/json; charset=utf-8"}
    return httpx.Response(status, content=gzip.compress(data), headers=headers)


def _present(node: Node) -> Node:
    return {name: value for name, value in node.items() if value is not None}


def _int(value: object) -> int:
    return int(str(value))


def _time(row: Row) -> int:
    return epoch(row.get("CreationDate")) or 0


def _is_tag(row: Row) -> bool:
    return row.get("TagBased") == "True"


def _badge_id(tag: str, rank: int) -> int:
    return sum(map(ord, tag)) * 10 + rank


def _within(asked: Asked, moment: int) -> bool:
    return int(asked.params.get("fromdate", 0)) <= moment <= int(asked.params.get("todate", 2**40))


def _by_votes(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (-_int(row.get("Score") or 0), _int(row["Id"])))
