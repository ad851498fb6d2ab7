"""ProfileManner: a profile's own words, and plain ones where there is none."""

from dataclasses import replace
from pathlib import Path

from orchestra import ids
from orchestra.agents import Acknowledgement, Messages
from orchestra.runtime.manner import Manner
from orchestra.runtime.profile_manner import ProfileManner
from tests.runtime.house import open_house, profile


async def test_a_manner_is_what_the_profile_says(short_dir: Path) -> None:
    """Gap and slash commands come from the profile; an acknowledgement counts only where somebody hears it."""
    says = Messages(gap_ms=70, acknowledge=Acknowledgement.HOOK, types_slash_commands=False, blank_before="!")
    talker = replace(profile("talker", "sh"), messages=says)
    async with open_house(short_dir, talker) as house:
        agent = await house.spawn("talker")
        expected = Manner(0.07, acknowledges=False, types_slash_commands=False, blank_before="!")
        assert ProfileManner(house.hub)(agent.id) == expected
        heard = ProfileManner(house.hub, [Acknowledgement.HOOK, Acknowledgement.NONE])
        assert heard(agent.id) == replace(expected, acknowledges=True)
        plain = ProfileManner(house.hub, list(Acknowledgement))((await house.spawn("sh")).id)
        assert not plain.acknowledges
        house.hub._agents[agent.id] = replace(agent, profile="gone")
        assert heard(agent.id) == heard(ids.agent_id("z" * 26)) == Manner()
