"""An invented Kaggle in the wire shapes of its API: JSON as protocol buffers write it, defaults left out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from support.meta_kaggle import FIRST

__all__ = ["API", "FakeKaggle", "Work", "kernel_of", "person"]

API = "https://api.kaggle.com/v1"
_NUMBERS = {"NOVICE": 0, "CONTRIBUTOR": 1, "EXPERT": 2, "MASTER": 3, "GRANDMASTER": 4}

Work = Mapping[str, Any]


def person(uid: int = FIRST, tier: str = "GRANDMASTER", **more: Any) -> dict[str, Any]:
    """Somebody; ``user_document`` and ``owner`` are merged into what is made up."""
    owner = {"id": uid, "userName": f"person{uid}", "displayName": f"Person {uid}"}
    # Defaults are left out: a missing tier is NOVICE.
    owner |= {} if tier == "NOVICE" else {"tier": tier}
    owner |= more.pop("owner", {})
    document = {
        "id": uid,
        "documentType": "USER",
        "title": f"Person {uid}",
        "createTime": "2015-03-04T00:00:00Z",
        "ownerUser": owner,
        "userDocument": {"competitionRanking": uid - FIRST + 1, "competitionPoints": 1234} | more.pop("user", {}),
    }
    return document | more


def kernel_of(number: int, login: str, slug: str, **more: Any) -> dict[str, Any]:
    """A notebook as lists show it."""
    return {
        "id": str(number),  # 64-bit numbers may come as texts
        "ref": f"{login}/{slug}",
        "title": slug.replace("-", " ").title(),
        "author": "a display name",
        "slug": slug,
        "lastRunTime": "2024-07-08T09:10:11.1234567Z",
        "language": "python",
        "totalVotes": 12,
    } | more


@dataclass
class FakeKaggle:
    """The world, and what it was asked. ``faults`` come first, for methods by their last part."""

    people: Sequence[dict[str, Any]] = ()
    kernels: Sequence[Work] = ()
    datasets: Sequence[Work] = ()
    models: Sequence[Work] = ()
    sources: Mapping[str, Any] = field(default_factory=dict)
    page: int = 100
    faults: dict[str, list[httpx.Response]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        method = request.url.path.rpartition("/")[2]
        body = json.loads(request.content)
        self.asked.append((method, body))
        if self.faults.get(method):
            return self.faults[method].pop(0)
        if request.headers.get("authorization") != "Bearer invented-token":
            return httpx.Response(401, json={"error": {"code": 401, "message": "Unauthenticated"}})
        answer: Callable[[dict[str, Any]], dict[str, Any]] = getattr(self, f"_{method}")
        return httpx.Response(200, json=answer(body))

    @property
    def requests(self) -> Counter[str]:
        """How often each method was asked."""
        return Counter(method for method, _ in self.asked)

    def _ListEntities(self, body: dict[str, Any]) -> dict[str, Any]:  # noqa: N802  # the API's own word
        filters = body["filters"]
        if filters["documentTypes"] == ["USER"]:
            found = self._users(filters.get("userFilters", {}))
            sought = filters.get("query", "")
            return self._paged(body, [one for one in found if sought in one["ownerUser"]["userName"]], "documents")
        found = [self._kernel_document(kernel) for kernel in self.kernels if self._is_about(kernel, filters["query"])]
        return self._paged(body, sorted(found, key=lambda one: -one.get("votes", 0)), "documents")

    def _users(self, filters: Mapping[str, Any]) -> list[dict[str, Any]]:
        if "userIds" in filters:
            return [one for one in self.people if one["ownerUser"].get("id") in filters["userIds"]]
        wanted = filters.get("tier")
        found = [one for one in self.people if wanted in (None, self._tier_of(one))]
        return sorted(found, key=lambda one: (one["userDocument"].get("competitionRanking", 9**9), one["id"]))

    @staticmethod
    def _tier_of(document: Mapping[str, Any]) -> str:
        tier = document["ownerUser"].get("tier", "NOVICE")
        return next((name for name, number in _NUMBERS.items() if number == tier), str(tier))

    @staticmethod
    def _is_about(kernel: Work, query: str) -> bool:
        return query.lower() in f"{kernel['title']} {' '.join(kernel.get('categoryIds', ()))}".lower()

    def _kernel_document(self, kernel: Work) -> dict[str, Any]:
        login = kernel["ref"].partition("/")[0]
        owner = next((one["ownerUser"] for one in self.people if one["ownerUser"].get("userName") == login), None)
        return {
            "id": int(kernel["id"]),
            "documentType": "KERNEL",
            "title": kernel["title"],
            "slug": kernel["slug"],
            "createTime": "2024-06-07T08:09:10Z",
            "updateTime": kernel["lastRunTime"],
            "votes": kernel.get("totalVotes", 0),
            "kernelDocument": {},
            **({"ownerUser": owner} if owner else {"ownerOrganization": {"name": "Orchard", "slug": "orchard"}}),
        }

    def _ListKernels(self, body: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        found = sorted(self._of(self.kernels, body["user"]), key=lambda one: -one.get("totalVotes", 0))
        return self._paged(body, found, "kernels")

    def _ListDatasets(self, body: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        assert body["group"] == "DATASET_SELECTION_GROUP_USER"
        return self._paged(body, self._of(self.datasets, body["user"]), "datasets")

    def _ListModels(self, body: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return self._paged(body, self._of(self.models, body["owner"]), "models")

    def _GetKernel(self, body: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        ref = f"{body['userName']}/{body['kernelSlug']}"
        source = self.sources.get(ref)
        if source is None:
            return {"code": 404, "message": "Not found"}
        return {"metadata": {"ref": ref}, "blob": {"source": source, "language": "python", "kernelType": "notebook"}}

    @staticmethod
    def _of(works: Sequence[Work], login: str) -> list[Work]:
        return [one for one in works if one["ref"].partition("/")[0] == login or one.get("with") == login]

    def _paged(self, body: Mapping[str, Any], found: Sequence[Any], name: str) -> dict[str, Any]:
        start = int(body.get("pageToken") or 0)
        size = min(self.page, body.get("pageSize") or 20)
        page = [{key: value for key, value in one.items() if key != "with"} for one in found[start : start + size]]
        answer: dict[str, Any] = {name: page} if page else {}
        if name == "documents" and found:
            answer["totalDocuments"] = len(found)
        if start + size < len(found):
            answer["nextPageToken"] = str(start + size)
        return answer
