"""Law 6: acknowledged input reaches the application exactly once and in order, whichever way it goes."""

import base64
import random
from pathlib import Path

import pytest
import trio

from tests.runtime.house import House, MemoryLink, open_house, until, viewing


async def all_read(house: House, expected: bytes) -> None:
    """Wait until the reader has as many bytes as expected, and compare."""
    path = house.directory / "read"
    await until(lambda: len(path.read_bytes()) >= len(expected), f"{len(expected)} bytes")
    assert path.read_bytes() == expected


@pytest.mark.parametrize("seed", range(4))
async def test_input_of_every_kind_arrives_once_and_in_order(short_dir: Path, seed: int) -> None:
    """Keys, pastes and exact bytes, with duplicates and gaps among them, arrive as numbered; each is acknowledged."""
    chance = random.Random(seed)
    async with open_house(short_dir) as house, viewing(house.hub) as link:
        agent = await house.spawn("reader")
        await until(lambda: "reading" in house.text(agent), "the reader")
        expected, seq = b"", 0
        for _ in range(60):
            kind = chance.choice(["keys", "paste", "exact", "twice", "early", "none"])
            text = "".join(chance.choices("abcdefghijklm nopé漢;\\#{}", k=chance.randint(1, 40)))
            at = {"session_id": agent.session_id}
            if kind == "twice":
                await link.say("input", **at, seq=max(1, seq), data="typed twice" if seq else text)
                if seq == 0:
                    seq, expected = 1, text.encode()
            elif kind == "early":
                await link.say("input", **at, seq=seq + 2, data="too early")
            elif kind == "none":
                seq += 1
                await link.say("input", **at, seq=seq)
            else:
                seq += 1
                exact = chance.randbytes(chance.randint(1, 3000))
                data = {"keys": {"data": text}, "exact": {"data_base64": base64.b64encode(exact).decode()}}.get(kind)
                await link.say(*(("paste",) if data is None else ("input",)), **at, seq=seq, **(data or {"text": text}))
                expected += exact if kind == "exact" else text.encode()
        seq += 1
        await link.say("input", session_id=agent.session_id, seq=seq, data=".")
        await link.hears("input_ack", seq=seq)
        await all_read(house, expected + b".")
        assert {one["code"] for one in link.heard if one["type"] == "error"} <= {"input_gap", "bad_message"}


async def test_a_message_holds_back_what_comes_after_it(short_dir: Path) -> None:
    """Between a message's paste and its Enter nothing of another viewer, and nothing exact, is typed."""
    async with open_house(short_dir) as house, viewing(house.hub) as first, viewing(house.hub) as second:
        agent = await house.spawn("reader")
        await until(lambda: "reading" in house.text(agent), "the reader")
        pane = house.hub.pane(agent.session_id)
        await first.say("user_message", session_id=agent.session_id, content="the message")
        await until(lambda: (short_dir / "read").read_bytes(), "the paste")  # noqa: PLW0108
        await second.say("input", session_id=agent.session_id, seq=1, data="other")
        async with trio.open_nursery() as nursery:
            nursery.start_soon(lambda: pane.type_whole(b"\xff", is_exact=True))
            await second.hears("input_ack", seq=1)
        read = (short_dir / "read").read_bytes()
        await until(lambda: len((short_dir / "read").read_bytes()) >= len(b"the message\rother\xff"), "all")
        read = (short_dir / "read").read_bytes()
        assert read.startswith(b"the message\r")
        assert sorted(read[len(b"the message\r") :]) == sorted(b"other\xff")


async def test_what_two_type_is_not_mixed(short_dir: Path) -> None:
    """Each viewer's input keeps its own order while several type at once."""
    async with open_house(short_dir) as house, trio.open_nursery() as nursery:
        agent = await house.spawn("reader")
        await until(lambda: "reading" in house.text(agent), "the reader")

        async def typist(link: MemoryLink, letter: str) -> None:
            for seq in range(1, 101):
                await link.say("input", session_id=agent.session_id, seq=seq, data=f"{letter}{seq:03}")
            await link.hears("input_ack", seq=100)

        async with viewing(house.hub) as first, viewing(house.hub) as second, trio.open_nursery() as typists:
            typists.start_soon(typist, first, "a")
            typists.start_soon(typist, second, "b")
        await until(lambda: len((short_dir / "read").read_bytes()) == 800, "all of it")
        words = [(short_dir / "read").read_bytes()[at : at + 4].decode() for at in range(0, 800, 4)]
        for letter in "ab":
            assert [word for word in words if word[0] == letter] == [f"{letter}{seq:03}" for seq in range(1, 101)]
        nursery.cancel_scope.cancel()
