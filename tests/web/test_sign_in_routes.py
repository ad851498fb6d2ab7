"""The way of a person from the link to the WebSocket."""

from pathlib import Path

from tests.web.served import serving


async def test_a_person_signs_in_and_opens_a_socket(short_dir: Path) -> None:
    """The way of the page: link, code, token, who am I, ticket, WebSocket, renewal."""
    async with serving(short_dir) as served, served.client(headers={"Origin": served.origin}) as client:
        assert (await client.get("/auth/config")).json() == {"issuer": served.issuer.issuer, "mode": "local"}
        assert (await client.get("/.well-known/jwks.json")).json() == served.issuer.jwks()
        link = served.sign_in.new_login_link()
        login = await client.post("/auth/login", json={"code": link.partition("#code=")[2]})
        assert login.status_code == 200 and set(login.json()) == {
            "access_token",
            "token_type",
            "expires_in_s",
            "expires_unix_s",
        }
        again = await client.post("/auth/login", json={"code": link.partition("#code=")[2]})
        assert again.status_code == 401
        bearer = {"Authorization": f"Bearer {login.json()['access_token']}"}
        me = (await client.get("/api/me", headers=bearer)).json()
        assert me["subject"] == "local|ada" and "sessions:read" in me["permissions"]
        ticket = await client.post("/api/ws-tickets", headers=bearer)
        assert ticket.status_code == 201 and ticket.json()["expires_in_s"] == 15
        query = f"?ticket={ticket.json()['ticket']}"
        async with served.websocket(query, extra_headers=[(b"Origin", served.origin.encode())]) as viewer:
            await viewer.send_message("hello")
            assert await viewer.get_message() == "hello"
        renewed = await client.post("/auth/renew", headers=bearer)
        assert renewed.status_code == 200 and renewed.json()["access_token"] != login.json()["access_token"]
        actions = [(record["action"], record["outcome"]) for record in served.audit_records()]
        assert actions == [
            ("sign_in.login", "ok"),
            ("sign_in.login", "refused"),
            ("sign_in.ticket", "begun"),
            ("sign_in.ticket", "ok"),
            ("sign_in.renew", "begun"),
            ("sign_in.renew", "ok"),
        ]
