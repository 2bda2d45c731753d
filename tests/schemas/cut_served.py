"""Cut from GitHub's public GraphQL schema the part that the loopback copy of GitHub serves.

    python tests/schemas/cut_served.py [FULL_SCHEMA.graphql.gz] [OUTPUT.graphql]

:data:`SERVED` names the fields of each type. Connections and their edges come whole, as do arguments, enums and input
types; no field is kept whose type is not served. So what is valid against this part is valid against GitHub's schema.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from graphql import (
    DefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    TypeNode,
    UnionTypeDefinitionNode,
    parse,
    print_ast,
)

from schemas.cut_slice import FULL_SCHEMA, HERE, name_of, plain, read_full

__all__ = ["SERVED", "SERVED_SCHEMA", "cut"]

SERVED_SCHEMA: Final = HERE.parents[1] / "sourcer" / "demo" / "github.graphql"

_ACTOR: Final = "avatarUrl login resourcePath url"
_CONTRIBUTION: Final = "isRestricted occurredAt resourcePath url user"
_OWNER: Final = f"{_ACTOR} id repositories repository"
_GIT: Final = "abbreviatedOid commitResourcePath commitUrl id oid repository"

SERVED: Final[Mapping[str, str]] = {
    "Actor": _ACTOR,
    "Blob": f"{_GIT} byteSize isBinary isTruncated text",
    "Bot": f"{_ACTOR} createdAt databaseId id updatedAt",
    "Commit": f"{_GIT} author authoredDate committedDate history message messageHeadline resourcePath tree url",
    "Contribution": _CONTRIBUTION,
    "ContributionsCollection": "contributionYears doesEndInCurrentMonth endedAt hasActivityInThePast"
    " hasAnyContributions hasAnyRestrictedContributions isSingleDay pullRequestContributions"
    " pullRequestContributionsByRepository"
    " pullRequestReviewContributions pullRequestReviewContributionsByRepository repositoryContributions"
    " restrictedContributionsCount startedAt totalCommitContributions totalIssueContributions"
    " totalPullRequestContributions totalPullRequestReviewContributions totalRepositoriesWithContributedCommits"
    " totalRepositoriesWithContributedIssues totalRepositoriesWithContributedPullRequestReviews"
    " totalRepositoriesWithContributedPullRequests totalRepositoryContributions user",
    "CreatedPullRequestContribution": f"{_CONTRIBUTION} pullRequest",
    "CreatedPullRequestReviewContribution": f"{_CONTRIBUTION} pullRequest pullRequestReview repository",
    "CreatedRepositoryContribution": f"{_CONTRIBUTION} repository",
    "GitActor": "avatarUrl date name user",
    "GitObject": _GIT,
    "Language": "color id name",
    "License": "id key name spdxId url",
    "Node": "id",
    "Organization": f"{_OWNER} createdAt databaseId description email isVerified location membersWithRole name"
    " twitterUsername updatedAt websiteUrl",
    "PageInfo": "endCursor hasNextPage hasPreviousPage startCursor",
    "PullRequest": "additions author authorAssociation baseRefName body bodyText changedFiles closed closedAt createdAt"
    " databaseId deletions fullDatabaseId id isCrossRepository isDraft latestOpinionatedReviews latestReviews merged"
    " mergedAt mergedBy number permalink publishedAt repository resourcePath reviews state title updatedAt url",
    "PullRequestContributionsByRepository": "contributions repository",
    "PullRequestReview": "author authorAssociation body bodyText createdAt databaseId fullDatabaseId id publishedAt"
    " pullRequest repository resourcePath state submittedAt updatedAt url",
    "PullRequestReviewContributionsByRepository": "contributions repository",
    "Query": "id node nodes organization rateLimit repository repositoryOwner search user",
    "RateLimit": "cost limit nodeCount remaining resetAt used",
    "Ref": "id name prefix repository target",
    "Release": "author createdAt databaseId description id isDraft isLatest isPrerelease name publishedAt repository"
    " resourcePath tagName updatedAt url",
    "Repository": "archivedAt createdAt databaseId defaultBranchRef description diskUsage forkCount homepageUrl id"
    " isArchived isDisabled isEmpty isFork isInOrganization isLocked isMirror isPrivate isTemplate languages"
    " latestRelease licenseInfo mentionableUsers mirrorUrl name nameWithOwner object owner parent primaryLanguage"
    " pullRequest pullRequests pushedAt releases repositoryTopics resourcePath stargazerCount updatedAt url visibility",
    "RepositoryOwner": _OWNER,
    "RepositoryTopic": "id resourcePath topic url",
    "SearchResultItem": "Organization PullRequest Repository User",
    "SocialAccount": "displayName provider url",
    "Topic": "id name",
    "Tree": f"{_GIT} entries",
    "TreeEntry": "extension isGenerated language lineCount mode name nameRaw object oid path pathRaw repository size"
    " type",
    "UniformResourceLocatable": "resourcePath url",
    "User": f"{_OWNER} bio company contributionsCollection createdAt databaseId email followers following isEmployee"
    " isHireable isSiteAdmin location name organizations pinnedItems pronouns pullRequests repositoriesContributedTo"
    " socialAccounts status twitterUsername updatedAt userViewType websiteUrl",
    "UserStatus": "createdAt emoji id indicatesLimitedAvailability message updatedAt",
    "PinnableItem": "Repository",
}
"""By type: its fields (of a union: its members)."""

_WHOLE: Final = ("Connection", "Edge")

_Composite = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode


def cut(full: str) -> str:
    """The served part of the schema text ``full``."""
    given = {name_of(one): one for one in parse(full, no_location=True).definitions if name_of(one)}
    kept = _Cutter(given).run()
    return print_ast(DocumentNode(definitions=tuple(kept[name] for name in sorted(kept)))) + "\n"


def _named(given: TypeNode) -> str:
    while isinstance(given, ListTypeNode | NonNullTypeNode):
        given = given.type
    assert isinstance(given, NamedTypeNode)
    return given.name.value


class _Cutter:
    def __init__(self, given: Mapping[str, DefinitionNode]) -> None:
        self.given = given
        self.kept: dict[str, DefinitionNode] = {}

    def run(self) -> Mapping[str, DefinitionNode]:
        missing = sorted(set(SERVED) - set(self.given))
        if missing:
            raise SystemExit(f"not in GitHub's schema: {', '.join(missing)}")
        for name in SERVED:
            self.keep(name)
        return self.kept

    def keep(self, name: str) -> bool:
        """Take a type with what it needs; ``False`` where it is not served."""
        definition = self.given.get(name)
        if name in self.kept or definition is None:
            return name in self.kept or name in ("Boolean", "Float", "ID", "Int", "String")
        composite = isinstance(definition, _Composite | UnionTypeDefinitionNode)
        if composite and name not in SERVED and not name.endswith(_WHOLE):
            return False
        # It stands before it is cut: types refer to each other in circles.
        self.kept[name] = definition
        self.kept[name] = self._cut(definition, SERVED.get(name, "").split())
        return True

    def _cut(self, definition: DefinitionNode, wanted: list[str]) -> DefinitionNode:
        if isinstance(definition, _Composite):
            return self._cut_fields(definition, wanted)
        if isinstance(definition, UnionTypeDefinitionNode):
            return plain(definition, types=tuple(one for one in definition.types or () if one.name.value in wanted))
        if isinstance(definition, EnumTypeDefinitionNode):
            return plain(definition, values=tuple(plain(one) for one in definition.values or ()))
        if isinstance(definition, InputObjectTypeDefinitionNode):
            return plain(definition, fields=tuple(self._inputs(definition.fields or ())))
        assert isinstance(definition, ScalarTypeDefinitionNode), definition
        return plain(definition)

    def _cut_fields(self, definition: _Composite, wanted: list[str]) -> DefinitionNode:
        there = {one.name.value: one for one in definition.fields or ()}
        unknown = set(wanted) - set(there)
        if unknown:
            raise SystemExit(f"{definition.name.value}: no field {', '.join(sorted(unknown))}")
        fields = [
            self._cut_field(one)
            for name, one in there.items()
            if name in wanted or (not wanted and self._is_given(one))
        ]
        interfaces = tuple(one for one in definition.interfaces or () if one.name.value in SERVED)
        return plain(definition, fields=tuple(fields), interfaces=interfaces)

    def _is_given(self, field: FieldDefinitionNode) -> bool:
        return self.keep(_named(field.type))

    def _cut_field(self, field: FieldDefinitionNode) -> FieldDefinitionNode:
        if not self.keep(_named(field.type)):
            raise SystemExit(f"{field.name.value}: its type {_named(field.type)} is not served")
        return plain(field, arguments=tuple(self._inputs(field.arguments or ())))

    def _inputs(self, given: tuple[InputValueDefinitionNode, ...]) -> Iterator[InputValueDefinitionNode]:
        for one in given:
            self.keep(_named(one.type))
            yield plain(one)


def _head(output: Path) -> str:
    """The comment that the file begins with: source and licence."""
    return output.read_text(encoding="utf-8").partition("\n\n")[0]


def main(arguments: list[str]) -> None:
    """Write the served part; ``arguments`` are the full schema and the output, both with defaults."""
    full = Path(arguments[0]) if arguments else FULL_SCHEMA
    output = Path(arguments[1]) if len(arguments) > 1 else SERVED_SCHEMA
    output.write_text(f"{_head(SERVED_SCHEMA)}\n\n{cut(read_full(full))}", encoding="utf-8")
    sys.stdout.write(f"{output}: {output.stat().st_size} bytes\n")


if __name__ == "__main__":
    main(sys.argv[1:])
