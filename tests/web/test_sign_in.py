"""Local mode's sign-in, with its clocks and randomness in our hands."""

import re
from collections.abc import Callable
from itertools import count
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from orchestra.access import ROLE_PERMISSIONS, Issuer, Permission, Role, Verifier, local_issuer, public_keys
from orchestra.access.token import TIME_LEEWAY_S
from orchestra.audit import Record, encode
from orchestra.errors import BadInputError, NotSignedInError, OrchestraError, TooFastError
from orchestra.web.sign_in import (
    LOCAL_AUDIENCE,
    LOGIN_CODE_TTL_S,
    MAX_LOGIN_CODES,
    MAX_TOKEN_TTL_S,
    SIGN_IN_LASTS_S,
    TICKET_TTL_S,
    SignIn,
)

PEM = rsa.generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
ISSUER = Issuer(PEM, local_issuer(PEM), LOCAL_AUDIENCE)
ORIGIN = "http://127.0.0.1:8421"


class World:
    """A sign-in whose two clocks move together when we say so; owned by one test."""

    def __init__(self) -> None:
        self.unix_s = 1_800_000_000.25
        self.now_s = 5_000.5
        numbers = count(1)
        self.sign_in = SignIn(
            ISSUER,
            Verifier(ISSUER.issuer, LOCAL_AUDIENCE, public_keys(ISSUER.jwks())),
            base_url=ORIGIN + "/",
            user_name="ada",
            unix_s=lambda: self.unix_s,
            now_s=lambda: self.now_s,
            random=lambda size: next(numbers).to_bytes(size),
        )

    def wait(self, seconds: float) -> None:
        """Let time pass on both clocks."""
        self.unix_s += seconds
        self.now_s += seconds

    def code(self) -> str:
        """Return the code of a new link."""
        return self.sign_in.new_login_link().partition("#code=")[2]


@pytest.fixture
def world() -> World:
    """Return a fresh sign-in."""
    return World()


def refusal(ask: Callable[[], object]) -> tuple[type[OrchestraError], str]:
    """Return how `ask` is refused."""
    with pytest.raises(OrchestraError) as caught:
        ask()
    return type(caught.value), caught.value.code


def test_a_link_signs_the_owner_in(world: World) -> None:
    """The code of a link becomes a token of an hour that may do everything, in the owner's name."""
    answer = world.sign_in.login(world.code())
    ada = world.sign_in.verify(answer.access_token)
    assert answer.token_type == "Bearer" and answer.expires_in_s == MAX_TOKEN_TTL_S
    assert ada.expires_unix_s == answer.expires_unix_s == int(world.unix_s) + MAX_TOKEN_TTL_S
    assert ada.permissions == frozenset(Permission) and ada.signed_in_unix_s == int(world.unix_s)
    assert ada.key == world.sign_in.owner_key and ada.subject == "local|ada"


def test_the_code_stands_in_the_fragment_only(world: World) -> None:
    """What is behind # is neither sent nor logged."""
    link = urlsplit(world.sign_in.new_login_link())
    assert world.sign_in.base_url == ORIGIN
    assert (link.scheme, link.netloc, link.path, link.query) == ("http", "127.0.0.1:8421", "/login", "")
    assert re.fullmatch(r"code=login-[\w-]{43}", link.fragment)


def test_a_link_is_good_once_and_for_a_minute(world: World) -> None:
    """Used or a minute old it is refused, and says so."""
    used, old = world.code(), world.code()
    world.sign_in.login(used)
    assert refusal(lambda: world.sign_in.login(used)) == (NotSignedInError, "login_invalid")
    world.wait(LOGIN_CODE_TTL_S)
    assert refusal(lambda: world.sign_in.login(old)) == (NotSignedInError, "login_invalid")


def test_guessing_codes_is_told_to_wait(world: World) -> None:
    """The sixth wrong code in a minute is one too many."""
    codes = [refusal(lambda: world.sign_in.login("wrong"))[1] for _ in range(6)]
    assert codes == ["login_invalid"] * 5 + ["too_many_tries"]


def test_links_are_bounded(world: World) -> None:
    """Asking for links without end is refused until a minute has passed."""
    for _ in range(MAX_LOGIN_CODES):
        world.code()
    assert refusal(world.code) == (TooFastError, "too_many_codes")
    world.wait(LOGIN_CODE_TTL_S)
    world.code()


def test_a_clock_that_is_set_back_does_not_prolong_a_link(world: World) -> None:
    """Codes and tickets live by the monotonic clock."""
    code = world.code()
    world.now_s += LOGIN_CODE_TTL_S
    world.unix_s -= 3600
    assert refusal(lambda: world.sign_in.login(code))[1] == "login_invalid"


def test_a_sign_in_lasts_twelve_hours_however_often_it_is_renewed(world: World) -> None:
    """Each renewal keeps person, permissions and time of sign-in; the last token ends with the twelve hours."""
    answer = world.sign_in.login(world.code())
    first = ada = world.sign_in.verify(answer.access_token)
    assert first.signed_in_unix_s is not None
    end_unix_s = first.signed_in_unix_s + SIGN_IN_LASTS_S
    renewals = 0
    while ada.expires_unix_s < end_unix_s:
        world.wait(answer.expires_in_s - 50)
        ada = world.sign_in.verify(world.sign_in.renew(ada).access_token)
        renewals += 1
        assert (ada.key, ada.permissions, ada.signed_in_unix_s) == (
            first.key,
            first.permissions,
            first.signed_in_unix_s,
        )
        assert ada.expires_unix_s <= end_unix_s and ada.token_id != first.token_id
    assert renewals >= 12
    world.unix_s = end_unix_s - 59
    assert refusal(lambda: world.sign_in.renew(ada)) == (NotSignedInError, "sign_in_again")


@pytest.mark.parametrize("role", Role)
def test_the_owner_gives_scripts_what_they_need(world: World, role: Role) -> None:
    """A token for a script has the permissions of its role and the life that was asked for."""
    answer = world.sign_in.issue_for_owner(role.value, 60)
    ada = world.sign_in.verify(answer.access_token)
    assert ada.permissions == ROLE_PERMISSIONS[role] and ada.key == world.sign_in.owner_key
    assert answer.expires_in_s == 60
    world.wait(60 + TIME_LEEWAY_S)
    assert refusal(lambda: world.sign_in.verify(answer.access_token)) == (NotSignedInError, "token_expired")


def test_a_token_for_a_script_cannot_be_renewed(world: World) -> None:
    """Sixty seconds mean sixty seconds, whoever holds it."""
    ada = world.sign_in.verify(world.sign_in.issue_for_owner("viewer", 60).access_token)
    assert refusal(lambda: world.sign_in.renew(ada)) == (NotSignedInError, "sign_in_again")


@pytest.mark.parametrize("role", ["", "root", "ADMIN", None, 7, ["admin"], {"admin": 1}])
def test_an_unknown_role_is_refused(world: World, role: object) -> None:
    """Whatever the owner socket passes on."""
    assert refusal(lambda: world.sign_in.issue_for_owner(role, 60)) == (BadInputError, "bad_role")  # type: ignore[arg-type]


@pytest.mark.parametrize("ttl_s", [59, 3601, 0, -1, 10**30, 60.0, "60", None, True])
def test_a_life_outside_the_limits_is_refused(world: World, ttl_s: object) -> None:
    """A minute to an hour, in whole seconds."""
    assert refusal(lambda: world.sign_in.issue_for_owner("admin", ttl_s)) == (BadInputError, "bad_ttl")  # type: ignore[arg-type]


def test_the_limits_themselves_are_allowed(world: World) -> None:
    """60 and 3600."""
    assert [world.sign_in.issue_for_owner("admin", ttl_s).expires_in_s for ttl_s in (60, 3600)] == [60, 3600]


def test_a_ticket_opens_one_websocket_as_the_same_person(world: World) -> None:
    """It carries the principal over unchanged, for a page or for a script without an origin, once."""
    ada = world.sign_in.verify(world.sign_in.issue_for_owner("viewer", 60).access_token)
    for origin in (ORIGIN, None):
        ticket = world.sign_in.new_ticket(ada, origin)
        assert world.sign_in.redeem_ticket(ticket, origin) == ada
        assert refusal(lambda t=ticket, o=origin: world.sign_in.redeem_ticket(t, o))[1] == "ticket_invalid"  # type: ignore[misc]


@pytest.mark.parametrize(("made_for", "used_from"), [(ORIGIN, None), (None, ORIGIN), (ORIGIN, "http://localhost:8421")])
def test_a_ticket_of_another_page_is_used_up_without_effect(
    world: World, made_for: str | None, used_from: str | None
) -> None:
    """A stolen ticket helps nobody, and there is no second try."""
    ada = world.sign_in.verify(world.sign_in.issue_for_owner("viewer", 60).access_token)
    ticket = world.sign_in.new_ticket(ada, made_for)
    for origin in (used_from, made_for):
        found = refusal(lambda o=origin: world.sign_in.redeem_ticket(ticket, o))  # type: ignore[misc]
        assert found == (NotSignedInError, "ticket_invalid")


def test_a_ticket_is_good_for_fifteen_seconds(world: World) -> None:
    """Then the page asks for a new one."""
    ada = world.sign_in.verify(world.sign_in.issue_for_owner("viewer", 60).access_token)
    ticket = world.sign_in.new_ticket(ada, ORIGIN)
    world.wait(TICKET_TTL_S)
    assert refusal(lambda: world.sign_in.redeem_ticket(ticket, ORIGIN)) == (NotSignedInError, "ticket_invalid")


def test_a_ticket_does_not_outlive_its_token(world: World) -> None:
    """Made in the last second of a token, it opens nothing after it."""
    ada = world.sign_in.verify(world.sign_in.issue_for_owner("viewer", 60).access_token)
    world.wait(55)
    ticket = world.sign_in.new_ticket(ada, ORIGIN)
    world.wait(10)
    assert refusal(lambda: world.sign_in.redeem_ticket(ticket, ORIGIN)) == (NotSignedInError, "token_expired")


def test_codes_and_tickets_are_not_interchangeable(world: World) -> None:
    """A login code opens no WebSocket and a ticket signs nobody in."""
    ada = world.sign_in.verify(world.sign_in.issue_for_owner("viewer", 60).access_token)
    ticket, code = world.sign_in.new_ticket(ada, ORIGIN), world.code()
    assert refusal(lambda: world.sign_in.login(ticket))[1] == "login_invalid"
    assert refusal(lambda: world.sign_in.redeem_ticket(code, ORIGIN))[1] == "ticket_invalid"
    assert world.sign_in.redeem_ticket(ticket, ORIGIN) == ada


def test_wrong_tickets_do_not_stop_sign_in(world: World) -> None:
    """Each kind has its own count of wrong tries."""
    for _ in range(20):
        refusal(lambda: world.sign_in.redeem_ticket("wrong", ORIGIN))
    assert refusal(lambda: world.sign_in.login("wrong")) == (NotSignedInError, "login_invalid")


def test_the_audit_trail_knows_our_secrets_when_it_sees_them(world: World) -> None:
    """The trail is told nothing about this layer; that it removes exactly these forms is proven here."""
    answer = world.sign_in.issue_for_owner("viewer", 60)
    ticket = world.sign_in.new_ticket(world.sign_in.verify(answer.access_token), ORIGIN)
    for secret in (world.code(), ticket, answer.access_token):
        assert secret.encode() not in encode(Record(unix_ms=0, actor=secret, action="a.b", target=f"x {secret} y"), 1)


def test_keys_stay_the_same_from_run_to_run(world: World) -> None:
    """A new daemon with the same key knows yesterday's owner and accepts a token that is still young."""
    answer = world.sign_in.login(world.code())
    later = World()
    later.unix_s = world.unix_s + 60
    assert later.sign_in.verify(answer.access_token).key == later.sign_in.owner_key == world.sign_in.owner_key
    assert later.sign_in.issuer == world.sign_in.issuer and later.sign_in.jwks() == world.sign_in.jwks()
