"""What each client uses of another service stands in that service's own document: paths, parameters, every field."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

import pytest
from pydantic import BaseModel

import main
from configuration.kit.envoy import Operation
from configuration.kit.peers import PeerRegistry
from configuration.settings import SERVICES
from tests.apps import erp_settings

Document = Mapping[str, Any]


def clients() -> Iterator[ModuleType]:
    """Every client module of every service."""
    for service in SERVICES:
        package = importlib.import_module(f"{service}_mgt.clients")
        for found in pkgutil.iter_modules(package.__path__):
            yield importlib.import_module(f"{package.__name__}.{found.name}")


def operations_of(module: ModuleType) -> Iterator[tuple[str, Operation[Any]]]:
    """The operations that a client declares, alone or by service, with their names."""
    for name, value in vars(module).items():
        for one in value.values() if isinstance(value, Mapping) else [value]:
            if isinstance(one, Operation):
                yield f"{module.__name__}.{name}.{one.service}", one


USED = {name: operation for module in clients() for name, operation in operations_of(module)}


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Document]:
    """The document of every service."""
    settings = erp_settings(tmp_path_factory.mktemp("var"))
    return {one: main.SERVICES[one](settings.of(one), peers=PeerRegistry()).openapi() for one in SERVICES}


def faults(operation: Operation[Any], document: Document) -> Iterator[str]:
    """Where an operation differs from the provider's document, in words."""
    path = f"/ch04/{operation.service}{operation.path}"
    described = document["paths"].get(path, {}).get(operation.method.lower())
    if described is None:
        yield f"there is no {operation.method} {path}"
        return
    known = {one["name"] for one in described.get("parameters", []) if one["in"] == "query"}
    yield from (f"there is no parameter {name}" for name in operation.parameters - known)
    if operation.public != (described["x-access"]["kind"] == "public"):
        yield f"its access rule is {described['x-access']['kind']}"
    answered = described["responses"].get(str(operation.status), {}).get("content", {}).get("application/json")
    if answered is None:
        yield f"it does not answer {operation.status} with JSON"
    else:
        read = operation.answer.model_json_schema(mode="validation")
        yield from differences(read, read, answered["schema"], document, reading=True)
    taken = described.get("requestBody", {}).get("content", {}).get("application/json")
    if operation.sends is not None:
        if taken is None:
            yield "it takes no JSON"
        else:
            sent = operation.sends.model_json_schema()
            yield from differences(sent, sent, taken["schema"], document, reading=False)


def differences(
    ours: Document, whole: Document, theirs: Document, document: Document, *, reading: bool, at: str = ""
) -> Iterator[str]:
    """Fields of ours that the provider does not have, or has otherwise."""
    own, other = forms(ours, whole), forms(theirs, document)
    narrower, wider = (own, other) if reading else (other, own)
    if (missing := wider.keys() - narrower.keys() - {"any"}) and "any" not in narrower:
        yield f"{at or '/'} may be {sorted(missing)}"
    for kind in own.keys() & other.keys():
        mine, provided = own[kind], other[kind]
        for name, field in mine.get("properties", {}).items():
            if name not in provided.get("properties", {}):
                yield f"{at}/{name} is not there"
                continue
            if reading and name in mine.get("required", []) and name not in provided.get("required", []):
                yield f"{at}/{name} may be left out"
            yield from differences(
                field, whole, provided["properties"][name], document, reading=reading, at=f"{at}/{name}"
            )
        if not reading:
            yield from (
                f"{at}/{name} is needed"
                for name in provided.get("required", [])
                if name not in mine.get("required", [])
            )
        if "items" in mine and "items" in provided:
            yield from differences(mine["items"], whole, provided["items"], document, reading=reading, at=f"{at}[]")


def forms(schema: Document, whole: Document) -> dict[str, Document]:
    """What a value may be: JSON type, and format of a text, with its schema; references followed."""
    if "$ref" in schema:
        node: Any = whole
        for part in schema["$ref"].removeprefix("#/").split("/"):
            node = node[part]
        return forms(node, whole)
    found: dict[str, Document] = {}
    for each in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        found |= forms(each, whole)
    if found:
        return found
    if "type" not in schema:
        kinds = {type(value).__name__ for value in schema.get("enum", [schema.get("const")])}
        return {"string": schema} if kinds == {"str"} else {"any": schema}
    kind = schema["type"]
    return {f"{kind}:{schema['format']}" if kind == "string" and "format" in schema else kind: schema}


class TestClients:
    @pytest.mark.parametrize("name", USED)
    def test_each_operation_is_as_its_provider_describes_it(self, name: str, documents: Mapping[str, Document]) -> None:
        operation = USED[name]

        assert list(faults(operation, documents[operation.service])) == []

    @pytest.mark.parametrize("module", [*clients()], ids=lambda module: module.__name__)
    def test_each_client_declares_what_it_uses(self, module: ModuleType) -> None:
        assert list(operations_of(module))

    def test_planted_differences_are_found(self, documents: Mapping[str, Document]) -> None:
        class Body(BaseModel):
            book: int

        class Answer(BaseModel):
            items: list[Body]
            next: str

        planted: Operation[Any] = Operation(
            "library", "GET", "/book/list", Answer, parameters=frozenset({"words"}), sends=Body
        )

        assert sorted(faults(planted, documents["library"])) == [
            "/items[]/book is not there",
            "/next may be ['null']",
            "/next may be left out",
            "it takes no JSON",
            "its access rule is public",
            "there is no parameter words",
        ]
        assert list(faults(Operation("library", "GET", "/nowhere", Answer), documents["library"]))
