"""The OpenAPI 3.1 document, written from the table of routes: what it says is what the guard does."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter

import orchestra
from orchestra.access import OpenTo
from orchestra.web.problem import PROBLEM_TYPE
from orchestra.web.route import Route

__all__ = ["openapi_document"]

_REFERENCE: Final = "#/components/schemas/{model}"

_PROBLEM: Final[Mapping[str, Any]] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "request_id"],
    "properties": {
        "type": {"type": "string", "const": "about:blank"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "request_id": {"type": "string"},
        "field": {"type": "string"},
    },
}


def openapi_document(routes: Sequence[Route]) -> dict[str, Any]:
    """Return the document for `routes`; every operation says what it asks for as `x-permission`."""
    schemas: dict[str, Any] = {"Problem": dict(_PROBLEM)}
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Orchestra",
            "version": orchestra.__version__,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _operation(route: Route, schemas: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": _operation_id(route),
        "summary": route.summary,
        "x-permission": route.requirement.value,
        "security": [] if route.requirement is OpenTo.ANYONE else [{"bearer": []}],
        "responses": {
            str(route.status): _success(route, schemas),
            "default": {
                "description": "A refusal",
                "content": {PROBLEM_TYPE: {"schema": {"$ref": _REFERENCE.format(model="Problem")}}},
            },
        },
    }
    parameters = [*_path_parameters(route), *_query_parameters(route, schemas)]
    if parameters:
        operation["parameters"] = parameters
    if route.body is not None:
        content = {"application/json": {"schema": _schema(route.body, schemas, "validation")}}
        operation["requestBody"] = {"required": True, "content": content}
    if route.action is not None:
        operation["x-audit-action"] = str(route.action)
    return operation


def _success(route: Route, schemas: dict[str, Any]) -> dict[str, Any]:
    success: dict[str, Any] = {"description": HTTPStatus(route.status).phrase}
    if route.answer is not None:
        success["content"] = {route.media_type: {"schema": _schema(route.answer, schemas, "serialization")}}
    return success


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    return [{"name": part, "in": "path", "required": True, "schema": {"type": "string"}} for part in route.parts]


def _query_parameters(route: Route, schemas: dict[str, Any]) -> list[dict[str, Any]]:
    if route.query is None:
        return []
    schema = route.query.model_json_schema(ref_template=_REFERENCE)
    schemas.update(schema.pop("$defs", {}))
    required = set(schema.get("required", ()))
    return [
        {"name": name, "in": "query", "required": name in required, "schema": declared}
        for name, declared in schema.get("properties", {}).items()
    ]


def _schema(declared: Any, schemas: dict[str, Any], mode: Any) -> dict[str, Any]:  # noqa: ANN401  # any type that pydantic knows
    """Return the schema of `declared`; models are put under the components and referred to."""
    schema = TypeAdapter(declared).json_schema(ref_template=_REFERENCE, mode=mode)
    schemas.update(schema.pop("$defs", {}))
    if isinstance(declared, type) and issubclass(declared, BaseModel):
        schemas[declared.__name__] = schema
        return {"$ref": _REFERENCE.format(model=declared.__name__)}
    return schema


def _operation_id(route: Route) -> str:
    words = [word.strip("{}").replace(".", "_").replace("-", "_") for word in route.path.split("/") if word]
    return "_".join([route.method.lower(), *(words or ["page"])])
