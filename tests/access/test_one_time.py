"""Codes that are good once and briefly."""

import gc
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, rule

from orchestra.access import OneTimeCodes
from orchestra.access.one_time import CODE_RANDOM_BYTES, MAX_WRONG_TRIES, WRONG_TRIES_WINDOW_S
from orchestra.errors import NotSignedInError, TooFastError

TTL_S = 15.0


def random(number: int) -> bytes:
    """Return 32 bytes that differ for every number."""
    return number.to_bytes(CODE_RANDOM_BYTES)


def codes(max_outstanding: int = 10) -> OneTimeCodes[Any]:
    """Return an empty set of codes of 15 s."""
    return OneTimeCodes(TTL_S, max_outstanding, kind="ticket")


def test_a_code_gives_back_what_it_is_bound_to() -> None:
    """Each code has its own payload, whatever the order of use."""
    tickets = codes()
    first, second = tickets.issue(random(1), "one", 0), tickets.issue(random(2), "two", 0)
    assert first != second
    assert (tickets.redeem(second, 1), tickets.redeem(first, 1)) == ("two", "one")


def test_a_code_is_good_once() -> None:
    """The second use of a code is refused like a code that never was."""
    tickets = codes()
    code = tickets.issue(random(1), None, 0)
    tickets.redeem(code, 0)
    with pytest.raises(NotSignedInError) as caught:
        tickets.redeem(code, 0)
    assert caught.value.code == "ticket_invalid"


@given(st.floats(0, 100))
def test_a_code_is_good_until_its_time_is_over(age_s: float) -> None:
    """It works at every age below its time to live and at none from there on."""
    tickets = codes()
    code = tickets.issue(random(1), "payload", 1000)
    if age_s < TTL_S:
        assert tickets.redeem(code, 1000 + age_s) == "payload"
    elif 1000 + age_s >= 1000 + TTL_S:
        with pytest.raises(NotSignedInError):
            tickets.redeem(code, 1000 + age_s)


@given(st.text(max_size=60))
def test_any_text_is_just_a_wrong_code(text: str) -> None:
    """Text that cannot be encoded, too, is refused and not an error of ours."""
    with pytest.raises(NotSignedInError):
        codes().redeem(text, 0)


def test_a_lone_surrogate_is_just_a_wrong_code() -> None:
    """JSON can carry what UTF-8 cannot."""
    with pytest.raises(NotSignedInError):
        codes().redeem("ticket-\ud800", 0)


def test_the_code_itself_is_not_kept() -> None:
    """Nothing that the object holds contains the code: only its hash is there."""
    tickets = codes()
    code = tickets.issue(random(7), "payload", 0)
    secret = code.removeprefix("ticket-")
    reached: list[object] = [tickets]
    for thing in reached:
        if len(reached) < 1000:
            reached += [
                other for other in gc.get_referents(thing) if not isinstance(other, type) and other not in reached
            ]
    assert "payload" in reached
    assert not any(isinstance(thing, str) and secret in thing for thing in reached)
    assert not any(isinstance(thing, bytes) and random(7) in thing for thing in reached)


def test_the_sixth_wrong_try_in_a_minute_is_told_to_wait() -> None:
    """Five are refused as wrong, further ones as too many, and a minute of peace ends that."""
    tickets = codes()
    for number in range(MAX_WRONG_TRIES):
        with pytest.raises(NotSignedInError):
            tickets.redeem("wrong", number)
    with pytest.raises(TooFastError) as caught:
        tickets.redeem("wrong", 10)
    assert caught.value.code == "too_many_tries"
    with pytest.raises(NotSignedInError):
        tickets.redeem("wrong", 10 + WRONG_TRIES_WINDOW_S)


def test_who_never_stops_guessing_is_told_to_wait_forever() -> None:
    """The tries that were refused as too many count as well, and nothing grows."""
    tickets = codes()
    answers = []
    for second in range(500):
        try:
            tickets.redeem("wrong", second)
        except (NotSignedInError, TooFastError) as error:
            answers.append(error.code)
    assert answers == ["ticket_invalid"] * MAX_WRONG_TRIES + ["too_many_tries"] * (500 - MAX_WRONG_TRIES)
    assert len(tickets._wrong_tries_s) == MAX_WRONG_TRIES


def test_a_stranger_who_guesses_does_not_keep_the_owner_out() -> None:
    """A right code works while wrong ones are being told to wait."""
    tickets = codes()
    code = tickets.issue(random(1), "owner", 0)
    for _ in range(50):
        with pytest.raises((NotSignedInError, TooFastError)):
            tickets.redeem("wrong", 1)
    assert tickets.redeem(code, 1) == "owner"


def test_no_more_codes_are_outstanding_than_allowed() -> None:
    """One more is refused until one was used or has expired."""
    tickets = codes(max_outstanding=2)
    first = tickets.issue(random(1), 1, 0)
    tickets.issue(random(2), 2, 0)
    with pytest.raises(TooFastError) as caught:
        tickets.issue(random(3), 3, 0)
    assert caught.value.code == "too_many_codes"
    tickets.redeem(first, 1)
    tickets.issue(random(3), 3, 1)
    tickets.issue(random(4), 4, TTL_S)


@pytest.mark.parametrize("size", [0, 16, 31, 33])
def test_a_code_of_less_than_256_bits_cannot_be_made(size: int) -> None:
    """Too little randomness is a bug of the caller's."""
    with pytest.raises(ValueError, match="32 random bytes"):
        codes().issue(bytes(size), None, 0)


class CodesAgainstAModel(RuleBasedStateMachine):
    """Whatever is issued, used and waited for, exactly the unused and young codes work, each once."""

    issued = Bundle("issued")

    @initialize()
    def start(self) -> None:
        """Begin with nothing outstanding."""
        self.codes = OneTimeCodes[int](TTL_S, 5)
        self.model: dict[str, tuple[int, float]] = {}
        self.numbers = count()
        self.now_s = 0.0

    def young(self) -> dict[str, tuple[int, float]]:
        """Return what should work now."""
        return {code: kept for code, kept in self.model.items() if kept[1] + TTL_S > self.now_s}

    @rule(seconds=st.sampled_from([0.0, 1.0, 7.5, 15.0]))
    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now_s += seconds

    @rule(target=issued)
    def issue(self) -> str:
        """Ask for a code."""
        number = next(self.numbers)
        try:
            code = self.codes.issue(random(number), number, self.now_s)
        except TooFastError:
            assert len(self.young()) == 5
            return "none"
        assert len(self.young()) < 5
        self.model[code] = (number, self.now_s)
        return code

    @rule(code=issued)
    def redeem(self, code: str) -> None:
        """Use a code, perhaps again, perhaps late."""
        expected = self.young().get(code)
        self.model.pop(code, None)
        try:
            assert expected is not None and self.codes.redeem(code, self.now_s) == expected[0]
        except AssertionError:
            assert expected is None
            with pytest.raises((NotSignedInError, TooFastError)):
                self.codes.redeem(code, self.now_s)


TestCodesAgainstAModel = CodesAgainstAModel.TestCase
