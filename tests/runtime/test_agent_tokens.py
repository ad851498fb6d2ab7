"""AgentTokens over the real table: given, checked, taken back, found again after a restart."""

import secrets
from pathlib import Path

import pytest

from orchestra.access import ROLE_PERMISSIONS, Role
from orchestra.errors import NotSignedInError
from orchestra.ids import AgentId
from orchestra.runtime.agent_tokens import AgentTokens
from orchestra.store.database import Database, open_database
from orchestra.store.token_table import TokenTable

ADA, BOB = AgentId("agent-" + "a" * 26), AgentId("agent-" + "b" * 26)
EVERYTHING = ROLE_PERMISSIONS[Role.ADMIN]


def tokens_of(database: Database) -> AgentTokens:
    """Return the tokens in a database, not loaded yet."""
    return AgentTokens(TokenTable(database), unix_s=lambda: 5.0, random=secrets.token_bytes)


async def test_a_token_is_good_until_it_is_taken_back(tmp_path: Path) -> None:
    """It speaks for its agent, also for the next daemon, and for nobody once it is revoked; others keep theirs."""
    async with open_database(tmp_path / "db") as database:
        tokens = tokens_of(database)
        mine, theirs = [await tokens.issue(agent, "issuer|ada", EVERYTHING) for agent in (ADA, BOB)]
        assert tokens.verify(mine).agent_id == ADA
        assert tokens.is_of(mine, ADA) and not tokens.is_of(mine, BOB) and not tokens.is_of("oat_x", ADA)
        again = tokens_of(database)
        await again.load()
        assert again.verify(mine).owner_key == "issuer|ada"
        await again.revoke(ADA)
        await again.revoke(ADA)
        with pytest.raises(NotSignedInError):
            again.verify(mine)
        assert again.verify(theirs).agent_id == BOB
        third = tokens_of(database)
        await third.load()
        with pytest.raises(NotSignedInError):
            third.verify(mine)


async def test_an_agent_has_one_token(tmp_path: Path) -> None:
    """A second one makes the first worthless."""
    async with open_database(tmp_path / "db") as database:
        tokens = tokens_of(database)
        first = await tokens.issue(ADA, "issuer|ada", EVERYTHING)
        second = await tokens.issue(ADA, "issuer|ada", EVERYTHING)
        assert tokens.verify(second).agent_id == ADA
        with pytest.raises(NotSignedInError):
            tokens.verify(first)
