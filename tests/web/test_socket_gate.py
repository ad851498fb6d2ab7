"""Who may open a WebSocket."""

from pathlib import Path

from orchestra.access import ROLE_PERMISSIONS, Permission, Role
from orchestra.web.limit import Limits
from tests.web.served import serving
from tests.web.test_connection import opened, problem_code, status
from tests.web.test_listener import until


async def test_a_socket_opens_with_exactly_one_credential(short_dir: Path) -> None:
    """A ticket, a token in the query, or one in the header; none is 401, several are 400, bad ones 401."""
    async with serving(short_dir) as served:
        token, viewer = served.token(), ROLE_PERMISSIONS[Role.VIEWER]
        principal = served.sign_in.verify(token)

        def ticket(origin: str | None = None) -> str:
            return served.sign_in.new_ticket(principal, origin)

        bearer = f"Authorization: Bearer {token}"
        good = [
            served.upgrade(query=f"?token={token}"),
            served.upgrade(query=f"?token={served.token(viewer)}"),
            served.upgrade(query=f"?ticket={ticket()}"),
            served.upgrade(f"Origin: {served.origin}", query=f"?ticket={ticket(served.origin)}"),
            served.upgrade(bearer, query=""),
            served.upgrade(bearer, query="?x=y"),
        ]
        for upgrade in good:
            assert status(await opened(served, upgrade)) == 101
        used = ticket()
        assert status(await opened(served, served.upgrade(query=f"?ticket={used}"))) == 101
        bad = [
            (401, "not_signed_in", served.upgrade(query="")),
            (401, "not_signed_in", served.upgrade(f"Cookie: token={token}", query="")),
            (401, "token_invalid", served.upgrade(query="?token=")),
            (401, "token_invalid", served.upgrade(query="?token=garbage")),
            (401, "token_expired", served.upgrade(query=f"?token={served.token(issued_s_ago=700)}")),
            (401, "bad_authorization", served.upgrade(f"Authorization: Basic {token}", query="")),
            (401, "ticket_invalid", served.upgrade(query=f"?ticket={used}")),
            (401, "ticket_invalid", served.upgrade(query="?ticket=ticket-guess")),
            (401, "ticket_invalid", served.upgrade(f"Origin: {served.origin}", query=f"?ticket={ticket()}")),
            (400, "several_credentials", served.upgrade(query=f"?token={token}&ticket={ticket()}")),
            (400, "several_credentials", served.upgrade(bearer, query=f"?token={token}")),
            (400, "repeated_parameter", served.upgrade(query=f"?token={token}&token={token}")),
            (400, "bad_query", served.upgrade(query="?" + "&".join(f"a{n}=1" for n in range(9)))),
            (403, "permission_missing", served.upgrade(query=f"?token={served.token([])}")),
            (
                403,
                "permission_missing",
                served.upgrade(query=f"?token={served.token(set(Permission) - {Permission.SESSIONS_READ})}"),
            ),
        ]
        for expected, code, upgrade in bad:
            answer = await served.raw(upgrade)
            assert (status(answer), problem_code(answer)) == (expected, code)
            assert b"application/problem+json" in answer


async def test_one_person_has_so_many_sockets(short_dir: Path) -> None:
    """One more than `max_sockets_per_user` is 429 for this person, and none of another person's business."""
    async with serving(short_dir, limits=Limits(max_sockets_per_user=2)) as served:
        async with served.websocket(), served.websocket():
            answer = await served.raw(served.upgrade())
            assert (status(answer), problem_code(answer)) == (429, "too_many_sockets")
            async with served.websocket(f"?token={served.token(subject='local|bob')}"):
                pass
        await until(lambda: served.listener.statistics().connections == 0)
        async with served.bystander() as bystander:
            await bystander.is_well()
