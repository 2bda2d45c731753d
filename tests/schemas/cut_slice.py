"""Cut from GitHub's public GraphQL schema the slice that the connector's queries touch.

    python tests/schemas/cut_slice.py [FULL_SCHEMA.graphql.gz] [OUTPUT.graphql]

The slice holds, without descriptions: every field and argument that a query of the connector names, what implements the
interfaces and unions in between, whole enums and whole input types. So a query or an answer that is valid against the
slice is valid against GitHub's schema. Run it again whenever ``sourcer_github/queries/`` changes.
"""

from __future__ import annotations

import gzip
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from graphql import (
    DefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    FieldNode,
    GraphQLField,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    InputObjectTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    UnionTypeDefinitionNode,
    Visitor,
    build_ast_schema,
    get_named_type,
    is_input_object_type,
    parse,
    print_ast,
    visit,
)
from graphql import Node as AstNode

__all__ = ["FULL_SCHEMA", "HERE", "SLICE", "cut", "name_of", "plain", "read_full"]

HERE: Final = Path(__file__).resolve().parent
FULL_SCHEMA: Final = HERE.parents[1] / ".." / "shared" / "schemas" / "github-schema.graphql.gz"
SLICE: Final = HERE / "github.graphql"

HEADER: Final = """\
# A slice of GitHub's public GraphQL schema: what the queries of sourcer_github touch, without descriptions.
# Source: npm @octokit/graphql-schema 15.26.1, equal to octokit/graphql-schema commit 82ff2d4 (2026-07-22).
# Copyright (c) GitHub 2025, MIT: see LICENSE.github-schema.txt. Made by cut_slice.py; do not edit.
"""

FEW: Final = 10
"""An interface with at most so many implementations keeps them all; Node has hundreds and keeps those in use."""


@dataclass
class Used:
    """What the queries touch: types, and of each type fields and their arguments."""

    types: set[str] = field(default_factory=set)
    fields: dict[str, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(dict))

    def touch(self, type_name: str, field_name: str, arguments: Iterable[str] = ()) -> None:
        """Note a field and the arguments that it was given."""
        self.types.add(type_name)
        self.fields[type_name].setdefault(field_name, set()).update(arguments)


class _Collector(Visitor):
    def __init__(self, info: TypeInfo, used: Used) -> None:
        super().__init__()
        self.info = info
        self.used = used

    def enter_field(self, node: FieldNode, *_: object) -> None:
        parent, definition = self.info.get_parent_type(), self.info.get_field_def()
        if parent is None or definition is None:
            raise SystemExit(f"no field {node.name.value} in GitHub's schema")
        self.used.types |= {parent.name, get_named_type(definition.type).name}
        if not node.name.value.startswith("__"):
            self.used.touch(parent.name, node.name.value, (argument.name.value for argument in node.arguments or ()))
        for argument in node.arguments or ():
            _touch_input(definition.args[argument.name.value].type, self.used)


def _touch_input(given: GraphQLInputType, used: Used) -> None:
    named = get_named_type(given)
    if named.name in used.types:
        return
    used.types.add(named.name)
    if is_input_object_type(named):
        for inner in named.fields.values():
            _touch_input(inner.type, used)


def _collect(schema: GraphQLSchema, queries: Iterable[str]) -> Used:
    used = Used(types={"Query"})
    for text in queries:
        info = TypeInfo(schema)
        visit(parse(text), TypeInfoVisitor(info, _Collector(info, used)))
    for name in sorted(used.types):
        _keep_members(schema, name, used)
    _fill_interfaces(schema, used)
    return used


def _keep_members(schema: GraphQLSchema, name: str, used: Used) -> None:
    """An abstract type keeps its members, so that ``__typename`` can be each of them."""
    abstract = schema.type_map[name]
    if isinstance(abstract, GraphQLUnionType | GraphQLInterfaceType):
        members = schema.get_possible_types(abstract)
        if len(members) <= FEW:
            used.types |= {member.name for member in members}


def _fill_interfaces(schema: GraphQLSchema, used: Used) -> None:
    """What implements an interface of the slice has the slice's fields of it; nothing stays without a field."""
    with_fields = {name: schema.type_map[name] for name in sorted(used.types) if _fields(schema.type_map[name])}
    for name, described in with_fields.items():
        if not used.fields.get(name):
            used.touch(name, "id" if "id" in _fields(described) else next(iter(_fields(described))))
    for name, described in with_fields.items():
        for interface in described.interfaces if isinstance(described, GraphQLObjectType) else ():
            for field_name, arguments in used.fields.get(interface.name, {}).items():
                if interface.name in used.types:
                    used.touch(name, field_name, arguments)
    for name, fields in list(used.fields.items()):
        for field_name in fields:
            used.types.add(get_named_type(_fields(schema.type_map[name])[field_name].type).name)


def _fields(described: GraphQLNamedType) -> Mapping[str, GraphQLField]:
    return described.fields if isinstance(described, GraphQLObjectType | GraphQLInterfaceType) else {}


def cut(full: str, queries: Iterable[str]) -> str:
    """The slice of the schema text ``full`` that ``queries`` touch, as text with its header."""
    document = parse(full, no_location=True)
    # The published text defines two fields twice and deprecates fields of interfaces; graphql-core refuses both.
    schema = build_ast_schema(document, assume_valid=True)
    used = _collect(schema, queries)
    kept = sorted(_definitions(document, used), key=name_of)
    return HEADER + "\n" + print_ast(DocumentNode(definitions=tuple(kept))) + "\n"


def name_of(definition: DefinitionNode) -> str:
    """What a definition is called, empty where it has no name."""
    named = getattr(definition, "name", None)
    return named.value if named is not None else ""


def _definitions(document: DocumentNode, used: Used) -> Iterator[DefinitionNode]:
    for definition in document.definitions:
        if name_of(definition) not in used.types:
            continue
        if isinstance(definition, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode):
            yield _cut_fields(definition, used)
        elif isinstance(definition, UnionTypeDefinitionNode):
            members = tuple(member for member in definition.types or () if member.name.value in used.types)
            yield plain(definition, types=members)
        elif isinstance(definition, EnumTypeDefinitionNode):
            yield plain(definition, values=tuple(plain(value) for value in definition.values or ()))
        elif isinstance(definition, InputObjectTypeDefinitionNode):
            yield plain(definition, fields=tuple(plain(each) for each in definition.fields or ()))
        elif isinstance(definition, ScalarTypeDefinitionNode):
            yield plain(definition)


def _cut_fields(definition: ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode, used: Used) -> DefinitionNode:
    wanted = used.fields[definition.name.value]
    interfaces = tuple(each for each in definition.interfaces or () if each.name.value in used.types)
    fields = tuple(
        _cut_arguments(each, wanted[each.name.value]) for each in definition.fields or () if each.name.value in wanted
    )
    return plain(definition, fields=fields, interfaces=interfaces)


def _cut_arguments(definition: FieldDefinitionNode, wanted: set[str]) -> FieldDefinitionNode:
    arguments = tuple(plain(each) for each in definition.arguments or () if each.name.value in wanted)
    return plain(definition, arguments=arguments)


_Ast = TypeVar("_Ast", bound=AstNode)


def plain(node: _Ast, **changed: object) -> _Ast:
    """A copy without description and directives, some parts changed."""
    parts = {key: getattr(node, key, None) for key in node.keys if key != "loc"}
    for dropped in ("description", "directives"):
        if dropped in parts:
            parts[dropped] = None if dropped == "description" else ()
    return type(node)(**(parts | changed))


def read_full(path: Path) -> str:
    """The text of the full schema, gzipped or not."""
    raw = path.read_bytes()
    return (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()


def main(arguments: list[str]) -> None:
    """Write the slice; ``arguments`` are the full schema and the output, both with defaults."""
    from sourcer_github.queries import documents

    full = Path(arguments[0]) if arguments else FULL_SCHEMA
    output = Path(arguments[1]) if len(arguments) > 1 else SLICE
    output.write_text(cut(read_full(full), documents()), encoding="utf-8")
    sys.stdout.write(f"{output}: {output.stat().st_size} bytes\n")


if __name__ == "__main__":
    main(sys.argv[1:])
