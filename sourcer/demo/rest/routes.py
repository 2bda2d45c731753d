"""Which endpoint answers what."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sourcer.demo.fields.common import readable
from sourcer.demo.index import Directory
from sourcer.demo.loopback import Asked
from sourcer.demo.model import Account, Repository
from sourcer.demo.rest import owners, works
from sourcer.demo.rest.projects import project
from sourcer.demo.rest.reply import Refused, Reply, listed, paged
from sourcer.demo.rest.searches import search

__all__ = ["Rest", "route_of"]

_PATTERNS: Final = (
    "/app/installations/{id}/access_tokens",
    "/orgs/{org}",
    "/orgs/{org}/members",
    "/orgs/{org}/public_members",
    "/orgs/{org}/repos",
    "/rate_limit",
    "/repos/{owner}/{repo}",
    "/repos/{owner}/{repo}/contents",
    "/repos/{owner}/{repo}/contents/{path}",
    "/repos/{owner}/{repo}/commits",
    "/repos/{owner}/{repo}/contributors",
    "/repos/{owner}/{repo}/events",
    "/repos/{owner}/{repo}/git/trees/{sha}",
    "/repos/{owner}/{repo}/languages",
    "/repos/{owner}/{repo}/pulls",
    "/repos/{owner}/{repo}/pulls/{number}",
    "/repos/{owner}/{repo}/pulls/{number}/reviews",
    "/repos/{owner}/{repo}/readme",
    "/repos/{owner}/{repo}/releases",
    "/repos/{owner}/{repo}/releases/latest",
    "/repos/{owner}/{repo}/topics",
    "/repositories/{id}",
    "/search/{kind}",
    "/user/{id}",
    "/users",
    "/users/{login}",
    "/users/{login}/events/public",
    "/users/{login}/orgs",
    "/users/{login}/repos",
    "/users/{login}/social_accounts",
)


def _compiled(pattern: str) -> re.Pattern[str]:
    text = pattern.replace("{path}", ".*")
    return re.compile(re.sub(r"\{\w+\}", "[^/]+", text))


_ROUTES: Final = tuple((pattern, _compiled(pattern)) for pattern in _PATTERNS)


def route_of(path: str) -> str:
    """The endpoint that a path belongs to, as GitHub's description writes it."""
    found = re.sub(r"^/repositories/\d+/", "/repos/-/-/", path)
    return next((pattern for pattern, compiled in _ROUTES if compiled.fullmatch(found)), "(unknown)")


@dataclass(frozen=True, slots=True)
class Rest:
    """Answers ``GET``; ``directory`` knows where everything is."""

    directory: Directory

    def answer(self, asked: Asked, *, incomplete: bool = False) -> Reply:
        """One answer, whatever it is; ``incomplete`` is about searches."""
        try:
            return self._answer(asked, incomplete=incomplete)
        except Refused as refused:
            return refused.reply

    def _answer(self, asked: Asked, *, incomplete: bool) -> Reply:
        if asked.method != "GET":
            raise Refused(404, "Not Found")
        match asked.parts():
            case ("search", kind):
                return search(self.directory.world, kind, asked, incomplete=incomplete)
            case ("user" | "users" | "orgs", *_):
                return self._owner(asked, asked.parts())
            case ("repositories", number, *rest) if number.isdecimal():
                return project(asked, self._by_number(int(number)), tuple(rest))
            case ("repos", owner, name, *rest):
                found = self._named(asked, f"{owner}/{name}")
                return found if isinstance(found, Reply) else project(asked, found, tuple(rest))
            case _:
                raise Refused(404, "Not Found")

    def _owner(self, asked: Asked, parts: tuple[str, ...]) -> Reply:
        match parts:
            case ("user", number) if number.isdecimal():
                return Reply(owners.full_account(self._numbered(int(number)), asked.base))
            case ("users",):
                return self._everybody(asked)
            case ("users", login, *rest):
                return self._user(asked, self._account(login), tuple(rest))
            case ("orgs", login, *rest):
                return self._organization(asked, self._account(login, "Organization"), tuple(rest))
            case _:
                raise Refused(404, "Not Found")

    def _account(self, login: str, kind: str | None = None) -> Account:
        account = self.directory.now.accounts.get(login.lower().removesuffix("[bot]"))
        if account is None or (kind is not None and account.kind != kind):
            raise Refused(404, "Not Found")
        return account

    def _numbered(self, number: int) -> Account:
        account = self.directory.now.accounts_by_number.get(number)
        if account is None:
            raise Refused(404, "Not Found")
        return account

    def _by_number(self, number: int) -> Repository:
        found = self.directory.now.repositories_by_number.get(number)
        if found is None:
            raise Refused(404, "Not Found")
        return found

    def _named(self, asked: Asked, name: str) -> Repository | Reply:
        index = self.directory.now
        found = index.repositories.get(name.lower())
        if found is not None:
            return found
        moved = index.former.get(name.lower())
        if moved is not None:
            return _moved(asked, moved)
        if any(
            one.is_withheld and one.name_with_owner.lower() == name.lower() for one in self.directory.world.repositories
        ):
            block = {
                "reason": "dmca",
                "created_at": "2026-02-03T04:05:06Z",
                "html_url": "https://github.com/github/dmca",
            }
            raise Refused(451, "Repository access blocked", block=block)
        raise Refused(404, "Not Found")

    def _everybody(self, asked: Asked) -> Reply:
        since = int(asked.query.get("since") or 0)
        by_number = sorted(self.directory.now.accounts_by_number.items())
        after = [account for number, account in by_number if number > since and account.kind != "Bot"]
        page, _ = paged(asked, after)
        links = {"link": f'<{asked.base}/users?since={page[-1].database_id}>; rel="next"'} if page else {}
        return Reply([owners.simple(one, asked.base) for one in page], headers=links)

    def _user(self, asked: Asked, account: Account, rest: tuple[str, ...]) -> Reply:
        match rest:
            case ():
                return Reply(owners.full_account(account, asked.base))
            case ("repos",):
                return self._repositories(asked, account)
            case ("social_accounts",):
                return listed(asked, owners.social_accounts(account))
            case ("orgs",):
                shown = [one for one in account.organizations if not one.is_gone]
                return listed(asked, [owners.organization_simple(one, asked.base) for one in shown])
            case ("events", "public"):
                return Reply([], headers={"x-poll-interval": "60"})
            case _:
                raise Refused(404, "Not Found")

    def _organization(self, asked: Asked, account: Account, rest: tuple[str, ...]) -> Reply:
        match rest:
            case ():
                return Reply(owners.organization(account, asked.base))
            case ("members" | "public_members",):
                shown = [one for one in account.members if not one.is_gone]
                return listed(asked, [owners.simple(one, asked.base) for one in shown])
            case ("repos",):
                return self._repositories(asked, account)
            case _:
                raise Refused(404, "Not Found")

    def _repositories(self, asked: Asked, account: Account) -> Reply:
        sort = asked.query.get("sort", "full_name")
        downwards = asked.query.get("direction", "asc" if sort == "full_name" else "desc") == "desc"
        by_id = sorted(readable(account.repositories), key=lambda one: one.database_id)
        found = sorted(by_id, key=_ORDER.get(sort, _ORDER["full_name"]), reverse=downwards)
        page, links = paged(asked, found)
        return Reply([works.repository(one, asked.base) for one in page], headers=links)


def _moved(asked: Asked, repository: Repository) -> Reply:
    """301, and where it is by its number."""
    rest = "/".join(asked.path.strip("/").split("/")[3:])
    url = f"{asked.base}/repositories/{repository.database_id}{'/' if rest else ''}{rest}"
    query = asked.target.partition("?")[2]
    location = f"{url}?{query}" if query else url
    body = {"message": "Moved Permanently", "url": url, "documentation_url": "https://docs.github.com/rest"}
    return Reply(body, 301, {"location": location})


_ORDER: Final[dict[str, Callable[[Repository], Any]]] = {
    "created": lambda one: one.created_at,
    "full_name": lambda one: one.name.lower(),
    "pushed": lambda one: one.pushed_at or one.created_at,
    "updated": lambda one: one.updated_at,
}
