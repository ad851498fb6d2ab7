"""The document of the table."""

from pathlib import Path

from openapi_spec_validator import validate

from orchestra.web.app import every_route
from tests.web.served import ready, serving
from tests.web.test_guard import Things


async def test_the_document_describes_the_table(short_dir: Path) -> None:
    """`/openapi.json` is valid OpenAPI 3.1 and tells of every route, with the permission that the guard asks for."""
    things = Things()
    async with serving(short_dir, routes=things.routes()) as served, served.client() as client:
        document = (await client.get("/openapi.json")).json()
        validate(document)
        table = every_route(things.routes(), served.sign_in, ready)
        told = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
        assert told == {(route.method, route.path) for route in table}
        for route in table:
            operation = document["paths"][route.path][route.method.lower()]
            assert operation["x-permission"] == route.requirement.value
        posted = document["paths"]["/api/things"]["post"]
        assert posted["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Thing"}
        assert document["components"]["schemas"]["Thing"]["properties"]["rows"]["maximum"] == 500
        identities = [
            operation["operationId"] for methods in document["paths"].values() for operation in methods.values()
        ]
        assert len(set(identities)) == len(identities)
