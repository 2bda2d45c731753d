"""Executes GraphQL over the invented world, with GitHub's own ways of saying no."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    SelectionSetNode,
    build_schema,
    execute_sync,
    parse,
    validate,
    value_from_ast_untyped,
)

from sourcer.demo.fields import FIELDS, collection, type_of
from sourcer.demo.index import Directory, Index, Node
from sourcer.demo.model import Account, PullRequest, Repository, World
from sourcer.demo.paging import MOST, GitHubError, connection, not_found
from sourcer.demo.price import MOST_NODES, Price, price
from sourcer.demo.search import MOST_RESULTS, find_accounts, find_pull_requests, find_repositories

__all__ = ["Executed", "GraphQL", "Question", "served_schema"]

_UNKNOWN_FIELD: Final = re.compile(r"Cannot query field '(\w+)' on type '(\w+)'")


@lru_cache(maxsize=1)
def served_schema() -> GraphQLSchema:
    """The part of GitHub's schema that is answered here."""
    return build_schema(files("sourcer.demo").joinpath("github.graphql").read_text(encoding="utf-8"))


@lru_cache(maxsize=256)
def _read(text: str) -> tuple[DocumentNode | None, tuple[Any, ...]]:
    """A query, and what is wrong with it in GitHub's words."""
    try:
        document = parse(text)
    except GraphQLSyntaxError as fault:
        return None, (_error(fault) | {"message": f"Parse error: {fault.message}"},)
    faults = validate(served_schema(), document)
    return (None if faults else document), tuple(_invalid(fault) for fault in faults)


def _invalid(fault: GraphQLError) -> dict[str, Any]:
    found = _UNKNOWN_FIELD.match(fault.message)
    if found is None:
        return _error(fault)
    field, kind = found.groups()
    return {
        "path": ["query", field],
        "extensions": {"code": "undefinedField", "typeName": kind, "fieldName": field},
        "locations": _locations(fault),
        "message": f"Field '{field}' doesn't exist on type '{kind}'",
    }


def _locations(fault: GraphQLError) -> list[dict[str, int]]:
    return [{"line": place.line, "column": place.column} for place in fault.locations or ()]


def _error(fault: GraphQLError) -> dict[str, Any]:
    original = fault.original_error if isinstance(fault.original_error, GitHubError) else fault
    kind = {"type": original.kind} if isinstance(original, GitHubError) else {}
    path = {"path": list(fault.path)} if fault.path else {}
    return kind | path | {"locations": _locations(fault), "message": fault.message}


@dataclass(frozen=True, slots=True)
class Question:
    """A question that may be put: read, valid and priced. Else ``errors`` says why not, and nothing is charged."""

    document: DocumentNode | None
    variables: Mapping[str, Any]
    price: Price
    errors: Sequence[Mapping[str, Any]] = ()
    is_dry: bool = False
    """Only to be priced: ``rateLimit(dryRun: true)``."""


@dataclass(frozen=True, slots=True)
class Executed:
    """The body of an answer, and how many fields were worked out for it."""

    body: dict[str, Any]
    fields: int


class GraphQL:
    """The world as GitHub's GraphQL endpoint sees it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.directory = Directory(world)

    @property
    def index(self) -> Index:
        """Where everything is."""
        return self.directory.now

    def read(self, text: str, variables: Mapping[str, Any]) -> Question:
        """Check and price a query before anything is charged for it."""
        document, errors = _read(text)
        if document is None:
            return Question(None, variables, Price(0, 0), errors)
        cost = price(served_schema(), document, variables)
        if cost.nodes > MOST_NODES:
            much = f"{cost.nodes:,} possible nodes which exceeds the maximum limit of {MOST_NODES:,}."
            error = {"type": "MAX_NODE_LIMIT_EXCEEDED", "message": f"This query requests up to {much}"}
            return Question(None, variables, Price(0, 0), (error,))
        return Question(document, variables, cost, is_dry=_is_dry(document, variables))

    def answer(self, question: Question, rate: Mapping[str, Any]) -> dict[str, Any]:
        """The body of the answer: ``data``, and ``errors`` where there are some.

        Args:
            question: From :meth:`read`.
            rate: What ``rateLimit`` says.
        """
        return self.execute(question, rate).body

    def execute(self, question: Question, rate: Mapping[str, Any]) -> Executed:
        """The answer, and what it took."""
        if question.document is None:
            return Executed({"errors": list(question.errors)}, 0)
        context = _Context(self, rate)
        result = execute_sync(
            served_schema(),
            _only_rate(question.document) if question.is_dry else question.document,
            context_value=context,
            variable_values=dict(question.variables),
            field_resolver=_resolve,
            type_resolver=lambda source, _info, _type: type_of(source),
        )
        body: dict[str, Any] = {"data": result.data}
        if result.errors:
            body["errors"] = [_error(fault) for fault in result.errors]
        return Executed(body, context.fields)

    def user(self, args: Mapping[str, Any]) -> Account:
        """``user(login:)``; organisations and apps are none."""
        return self._account("User", args["login"])

    def organization(self, args: Mapping[str, Any]) -> Account:
        """``organization(login:)``."""
        return self._account("Organization", args["login"])

    def _account(self, kind: str, login: str) -> Account:
        account = self.index.accounts.get(login.lower())
        if account is None or account.kind != kind:
            raise not_found(kind, "login", login)
        return account

    def repository_owner(self, args: Mapping[str, Any]) -> Account | None:
        """``repositoryOwner(login:)``, ``null`` where there is none."""
        account = self.index.accounts.get(args["login"].lower())
        return account if account is not None and account.kind != "Bot" else None

    def repository(self, args: Mapping[str, Any]) -> Repository:
        """``repository(owner:, name:)``."""
        name = f"{args['owner']}/{args['name']}"
        found = self.index.repository(name) if args["followRenames"] else self.index.repositories.get(name.lower())
        if found is None:
            raise not_found("Repository", "name", name)
        return found

    def node(self, args: Mapping[str, Any]) -> Node:
        """``node(id:)``."""
        found = self._lookup(args["id"])
        if isinstance(found, GitHubError):
            raise found
        return found

    def nodes(self, args: Mapping[str, Any]) -> list[Node | GitHubError]:
        """``nodes(ids:)``, with an error in the place of each id that leads nowhere."""
        if len(args["ids"]) > MOST:
            text = f"You may not provide more than {MOST} node ids; you provided {len(args['ids'])}."
            raise GitHubError("ARGUMENT_LIMIT", text)
        return [self._lookup(one) for one in args["ids"]]

    def _lookup(self, key: str) -> Node | GitHubError:
        missing = GitHubError("NOT_FOUND", f"Could not resolve to a node with the global id of '{key}'")
        return self.index.nodes.get(key, missing)

    def search(self, args: Mapping[str, Any]) -> dict[str, Any]:
        """``search(type:, query:)``: counts all that it finds, gives 1,000 at most."""
        found: Sequence[Account | Repository | PullRequest] = []
        if args["type"] == "ISSUE":
            found = find_pull_requests(args["query"], self.world.repositories)
        elif args["type"] == "REPOSITORY":
            found = find_repositories(args["query"], self.world.repositories)
        elif args["type"] == "USER":
            found = find_accounts(args["query"], self.world.accounts)
        shown = [None if isinstance(one, Repository) and one.is_withheld else one for one in found[:MOST_RESULTS]]
        names = {"ISSUE": "issueCount", "REPOSITORY": "repositoryCount", "USER": "userCount"}
        counts = dict.fromkeys(_COUNTS, 0) | {names.get(args["type"], "wikiCount"): len(found)}
        return connection(shown, "search", args, **counts)


_COUNTS: Final = ("codeCount", "discussionCount", "issueCount", "repositoryCount", "userCount", "wikiCount")


def _operation(document: DocumentNode) -> OperationDefinitionNode:
    return next(one for one in document.definitions if isinstance(one, OperationDefinitionNode))


def _rates(document: DocumentNode) -> list[FieldNode]:
    """The fields ``rateLimit`` of the query itself."""
    fields = _operation(document).selection_set.selections
    return [one for one in fields if isinstance(one, FieldNode) and one.name.value == "rateLimit"]


def _is_dry(document: DocumentNode, variables: Mapping[str, Any]) -> bool:
    asked = [one for field in _rates(document) for one in field.arguments or () if one.name.value == "dryRun"]
    return any(value_from_ast_untyped(one.value, dict(variables)) is True for one in asked)


def _only_rate(document: DocumentNode) -> DocumentNode:
    """The query without all that it would be answered with."""
    whole = _operation(document)
    operation = OperationDefinitionNode(
        operation=whole.operation,
        variable_definitions=whole.variable_definitions,
        selection_set=SelectionSetNode(selections=tuple(_rates(document))),
    )
    return DocumentNode(definitions=(operation,))


@dataclass(slots=True)
class _Context:
    graphql: GraphQL
    rate: Mapping[str, Any]
    fields: int = 0

    def root(self, name: str, args: Mapping[str, Any]) -> Any:
        """Answer a field of the query itself."""
        if name == "rateLimit":
            return self.rate
        if name == "id":
            return "MDU6UXVlcnk="
        return getattr(self.graphql, _snake(name))(args)


def _resolve(source: Any, info: GraphQLResolveInfo[_Context], **args: Any) -> Any:
    kind, name = info.parent_type.name, info.field_name
    info.context.fields += 1
    if kind == "Query":
        return info.context.root(name, args)
    if name == "contributionsCollection":
        return collection(source, args, info.context.graphql.world.today)
    special = FIELDS.get(kind, {}).get(name)
    if special is not None:
        value = special(source, args)
    else:
        value = source.get(name) if isinstance(source, Mapping) else getattr(source, _snake(name))
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, datetime) else value


@lru_cache(maxsize=512)
def _snake(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()
