"""Bearer tokens: what is issued is accepted, and every known way to forge or bend one is refused."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from orchestra.access import ROLE_PERMISSIONS, Issuer, Permission, Role, Verifier, local_issuer, public_keys
from orchestra.access.token import MAX_LIFETIME_S, MAX_TOKEN_BYTES, TIME_LEEWAY_S
from orchestra.errors import NotSignedInError, SetupError

NOW = 1_800_000_000
AUDIENCE = "https://orchestra.example/api"
ISSUER = "https://tenant.example/"


def pem_of(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    """Return a private key as the store keeps it."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
SMALL_KEY = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - it is there to be refused
MINE = Issuer(pem_of(KEY), ISSUER, AUDIENCE)
KID = MINE.jwks()["keys"][0]["kid"]
VERIFIER = Verifier(ISSUER, AUDIENCE, public_keys(MINE.jwks()))

HEADER: dict[str, Any] = {"alg": "RS256", "typ": "at+jwt", "kid": KID}
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "aud": AUDIENCE,
    "sub": "auth0|ada",
    "jti": "one",
    "iat": NOW,
    "exp": NOW + 3600,
    "permissions": ["sessions:read"],
}

Sign = Callable[[bytes], bytes]


def b64(data: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def rs256(data: bytes, key: rsa.RSAPrivateKey = KEY) -> bytes:
    """Sign as RFC 7518 3.3 says, without the library under test."""
    return key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def forge(claims: object = None, header: object = None, sign: Sign = rs256) -> str:
    """Return a token built by hand; what is not given is as it should be."""
    parts = (HEADER if header is None else header, CLAIMS if claims is None else claims)
    signing_input = ".".join(b64(json.dumps(part).encode()) for part in parts)
    return f"{signing_input}.{b64(sign(signing_input.encode()))}"


def changed(**changes: object) -> dict[str, Any]:
    """Return good claims with some changed; a value of ... removes the claim."""
    return {name: value for name, value in (CLAIMS | changes).items() if value is not ...}


def refusal(token: str, now_unix_s: float = NOW, verifier: Verifier = VERIFIER) -> str:
    """Return the code with which `token` is refused."""
    with pytest.raises(NotSignedInError) as caught:
        verifier.verify(token, now_unix_s)
    assert caught.value.message == "The credential is not valid (any longer): sign in again."
    return caught.value.code


def issue(issuer: Issuer = MINE, **changes: object) -> str:
    """Return a token of the issuer for Ada, good for an hour."""
    arguments: dict[str, Any] = {
        "subject": "local|ada",
        "permissions": ROLE_PERMISSIONS[Role.DEVELOPER],
        "lifetime_s": 3600,
        "now_unix_s": NOW,
        "signed_in_unix_s": NOW - 5,
        "token_id": "abc",
    }
    return issuer.issue(**(arguments | changes))


def test_what_is_issued_comes_back_whole() -> None:
    """A token carries everything that a principal is made of."""
    ada = VERIFIER.verify(issue(), NOW)
    assert (ada.issuer, ada.subject, ada.token_id) == (ISSUER, "local|ada", "abc")
    assert (ada.issued_unix_s, ada.expires_unix_s, ada.signed_in_unix_s) == (NOW, NOW + 3600, NOW - 5)
    assert ada.permissions == ROLE_PERMISSIONS[Role.DEVELOPER]


def test_the_hand_made_token_that_the_forgeries_start_from_is_good() -> None:
    """Every refusal below is for the one thing that was changed."""
    assert VERIFIER.verify(forge(), NOW).permissions == {Permission.SESSIONS_READ}


@given(
    subject=st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=100),
    permissions=st.frozensets(st.sampled_from(Permission)),
    lifetime_s=st.integers(1, MAX_LIFETIME_S),
    age_s=st.floats(0, 1, exclude_max=True),
)
def test_every_token_is_good_from_its_first_to_its_last_second(
    subject: str, permissions: frozenset[Permission], lifetime_s: int, age_s: float
) -> None:
    """For all subjects, permissions and lifetimes: good while it lives, refused once the leeway is over."""
    token = issue(subject=subject, permissions=permissions, lifetime_s=lifetime_s)
    ada = VERIFIER.verify(token, NOW + age_s * lifetime_s)
    assert (ada.subject, ada.permissions) == (subject, permissions)
    assert refusal(token, NOW + lifetime_s + TIME_LEEWAY_S) == "token_expired"


def test_the_key_set_is_public_and_named_by_thumbprint() -> None:
    """The JWK set holds nothing private, and `kid` is RFC 7638's thumbprint."""
    (jwk,) = MINE.jwks()["keys"]
    assert set(jwk) == {"alg", "e", "kid", "kty", "n", "use"}
    canonical = f'{{"e":"{jwk["e"]}","kty":"RSA","n":"{jwk["n"]}"}}'
    assert jwk["kid"] == b64(hashlib.sha256(canonical.encode()).digest())
    assert local_issuer(pem_of(KEY)) == f"urn:ietf:params:oauth:jwk-thumbprint:sha-256:{jwk['kid']}"


def test_the_thumbprint_is_the_one_of_the_standard() -> None:
    """The worked example of RFC 7638 section 3.1 gives the thumbprint printed there."""
    n = (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3o"
        "knjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZH"
        "zu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEg"
        "U8awapJzKnqDKgw"
    )
    canonical = f'{{"e":"AQAB","kty":"RSA","n":"{n}"}}'
    assert b64(hashlib.sha256(canonical.encode()).digest()) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


PUBLIC_PEM = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
PUBLIC_DER = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
EC_KEY = ec.generate_private_key(ec.SECP256R1())


def hs256(secret: bytes) -> Sign:
    """Return a signer that uses `secret`, which for the attack is the public key."""
    return lambda data: hmac.digest(secret, data, "sha256")


@pytest.mark.parametrize(
    ("algorithm", "sign"),
    [
        ("none", lambda _: b""),
        ("None", lambda _: b""),
        ("", lambda _: b""),
        ("HS256", hs256(PUBLIC_PEM)),
        ("HS256", hs256(PUBLIC_DER)),
        ("RS384", lambda data: KEY.sign(data, padding.PKCS1v15(), hashes.SHA384())),
        ("RS512", lambda data: KEY.sign(data, padding.PKCS1v15(), hashes.SHA512())),
        ("PS256", lambda data: KEY.sign(data, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())),
        ("ES256", lambda data: EC_KEY.sign(data, ec.ECDSA(hashes.SHA256()))),
        ("rs256", rs256),
        (["RS256"], rs256),
        (None, rs256),
    ],
)
def test_no_algorithm_but_rs256(algorithm: object, sign: Sign) -> None:
    """The algorithm is ours to choose: no signature, a public key used as a secret and other hashes are refused."""
    assert refusal(forge(header=HEADER | {"alg": algorithm}, sign=sign)) == "token_invalid"


@pytest.mark.parametrize(
    "sign", [hs256(PUBLIC_PEM), lambda _: b"", lambda data: rs256(data)[:-1], lambda _: b"x" * 256]
)
def test_a_wrong_signature_under_the_right_name_is_refused(sign: Sign) -> None:
    """A header that says RS256 is held to it."""
    assert refusal(forge(sign=sign)) == "token_invalid"


def test_a_header_without_an_algorithm_is_refused() -> None:
    """Nothing is assumed."""
    assert refusal(forge(header={"typ": "at+jwt", "kid": KID})) == "token_invalid"


def test_another_key_signs_in_vain() -> None:
    """Neither another key under our name nor a name that we do not know is accepted."""
    other = Issuer(pem_of(OTHER_KEY), ISSUER, AUDIENCE)
    assert refusal(forge(sign=lambda data: rs256(data, OTHER_KEY))) == "token_invalid"
    assert refusal(issue(other)) == "token_key_unknown"


@pytest.mark.parametrize("kid", [..., None, "", "../../key", 7, ["x"], {"x": 1}])
def test_the_key_must_be_named(kid: object) -> None:
    """A token that does not name a key of ours is refused, whatever stands there."""
    header = {name: value for name, value in (HEADER | {"kid": kid}).items() if value is not ...}
    assert refusal(forge(header=header)) in {"token_key_unknown", "token_invalid"}


@pytest.mark.parametrize(
    "extra",
    [
        {"crit": ["exp"], "exp": 1},
        {"crit": ["b64"], "b64": True},
        {"crit": []},
        {"b64": False},
        {"b64": False, "crit": ["b64"]},
        {"jku": "https://evil.example/jwks.json"},
        {"jwk": {"kty": "RSA"}},
        {"x5u": "https://evil.example/cert"},
        {"x5c": ["MII"]},
    ],
)
def test_headers_that_bring_keys_or_extensions_are_refused(extra: dict[str, Any]) -> None:
    """RFC 8725 3.10 and RFC 7515 4.1.11: never fetched, never understood by accident."""
    assert refusal(forge(header=HEADER | extra)) == "token_invalid"


@pytest.mark.parametrize("kind", ["JWT", "logout+jwt", "dpop+jwt", "", None, ["at+jwt"], 1])
def test_another_kind_of_token_is_refused(kind: object) -> None:
    """RFC 9068: an access token says that it is one."""
    assert refusal(forge(header=HEADER | {"typ": kind})) == "token_invalid"


def test_both_spellings_of_the_kind_are_accepted() -> None:
    """RFC 9068 section 4 allows the full media type; types are compared without regard to case."""
    for kind in ("application/at+jwt", "AT+JWT"):
        assert VERIFIER.verify(forge(header=HEADER | {"typ": kind}), NOW).subject == CLAIMS["sub"]


@pytest.mark.parametrize(
    "issuer",
    [
        "https://tenant.example",
        "https://tenant.example/x",
        "https://tenant.exampl",
        "HTTPS://tenant.example/",
        "https://tenant.example/ ",
        "",
        None,
        ...,
        7,
        [ISSUER],
        {ISSUER: 1},
    ],
)
def test_the_issuer_matches_wholly_or_not_at_all(issuer: object) -> None:
    """Prefixes, other case, a missing slash, a list and nothing are all somebody else."""
    assert refusal(forge(changed(iss=issuer))) == "token_issuer_wrong"


@pytest.mark.parametrize(
    "audience", ["https://other.example", AUDIENCE[:-1], AUDIENCE + "/", "", None, ..., [], [[AUDIENCE]], {AUDIENCE: 1}]
)
def test_a_token_for_another_audience_is_refused(audience: object) -> None:
    """A token for another API of the same issuer is not for us."""
    assert refusal(forge(changed(aud=audience))) == "token_audience_wrong"


def test_an_audience_may_be_a_list_that_names_us() -> None:
    """RFC 7519 4.1.3: membership."""
    assert (
        VERIFIER.verify(forge(changed(aud=["https://tenant.example/userinfo", AUDIENCE])), NOW).subject == CLAIMS["sub"]
    )


@pytest.mark.parametrize("name", ["exp", "iat", "sub", "jti"])
@pytest.mark.parametrize("value", [..., None, "", [], {}, True, 1.5, "1800000000", "a\nb", "x" * 300])
def test_a_required_claim_that_is_missing_or_of_another_type_is_refused(name: str, value: object) -> None:
    """Times are whole numbers, names short printable texts; nothing is converted."""
    if name in {"sub", "jti"} and value == "1800000000":
        value = 1800000000
    assert refusal(forge(changed(**{name: value}))) == "token_claims_invalid"


@pytest.mark.parametrize("name", ["nonce", "at_hash", "c_hash"])
def test_an_id_token_is_refused(name: str) -> None:
    """RFC 8725 3.12: an ID token tells a client who signed in; it is no key to an API."""
    assert refusal(forge(changed(**{name: "x"}))) == "token_claims_invalid"


@pytest.mark.parametrize(
    ("changes", "now_unix_s", "code"),
    [
        ({"exp": NOW + MAX_LIFETIME_S + 1}, NOW, "token_too_long_lived"),
        ({"exp": NOW + 86400}, NOW, "token_too_long_lived"),
        ({"exp": NOW}, NOW, "token_too_long_lived"),
        ({"exp": NOW - 1}, NOW - 100, "token_too_long_lived"),
        ({}, NOW + 3600 + TIME_LEEWAY_S, "token_expired"),
        ({"exp": 10**400, "iat": 10**400 - 60}, NOW, "token_not_yet_valid"),
        ({}, NOW - TIME_LEEWAY_S - 1, "token_not_yet_valid"),
        ({"nbf": NOW + TIME_LEEWAY_S + 1}, NOW, "token_not_yet_valid"),
        ({"nbf": "soon"}, NOW, "token_claims_invalid"),
        ({"auth_time": "today"}, NOW, "token_claims_invalid"),
    ],
)
def test_times_are_held_to(changes: dict[str, Any], now_unix_s: int, code: str) -> None:
    """Too long, backwards, over, not begun and unreadable each have their code."""
    assert refusal(forge(changed(**changes)), now_unix_s) == code


@pytest.mark.parametrize(
    ("changes", "now_unix_s"),
    [
        ({"exp": NOW + MAX_LIFETIME_S}, NOW),
        ({}, NOW + 3600 + TIME_LEEWAY_S - 1),
        ({}, NOW - TIME_LEEWAY_S),
        ({"nbf": NOW + TIME_LEEWAY_S}, NOW),
    ],
)
def test_the_last_moment_that_is_allowed_is_allowed(changes: dict[str, Any], now_unix_s: int) -> None:
    """Each limit is where it says."""
    assert VERIFIER.verify(forge(changed(**changes)), now_unix_s).subject == CLAIMS["sub"]


def test_only_permissions_authorise() -> None:
    """`scope` is what a client asked for, roles are for show, and words that we do not know grant nothing."""
    generous = changed(
        scope="sessions:input audit:read admin", roles=["admin"], permissions=["admin", "*", "", 7, None]
    )
    assert VERIFIER.verify(forge(generous), NOW).permissions == frozenset()


@pytest.mark.parametrize("named", [..., None, "sessions:read audit:read", {"audit:read": True}, 7, [["audit:read"]]])
def test_permissions_that_are_no_list_of_words_grant_nothing(named: object) -> None:
    """The claim has one form."""
    assert VERIFIER.verify(forge(changed(permissions=named)), NOW).permissions == frozenset()


def test_a_token_without_auth_time_was_made_for_a_script() -> None:
    """Without a sign-in behind it, the principal has no time of sign-in."""
    assert VERIFIER.verify(issue(signed_in_unix_s=None), NOW).signed_in_unix_s is None


@pytest.mark.parametrize("size", [MAX_TOKEN_BYTES + 1, 10_000_000])
def test_an_oversized_token_is_refused_before_it_is_read(size: int) -> None:
    """8 KiB is the limit, and it does not matter what is inside."""
    assert refusal("a" * size) == "token_too_big"


def test_a_large_token_within_the_limit_is_read() -> None:
    """The limit does not cut into real tokens."""
    token = forge(changed(groups=["g" * 100] * 50))
    assert 7_000 < len(token) <= MAX_TOKEN_BYTES
    assert VERIFIER.verify(token, NOW).subject == CLAIMS["sub"]


@pytest.mark.parametrize("payload", ["[" * 4000, "9" * 5000, '"text"', "[]", "1", "null", "", "{", '{"exp":NaN}'])
def test_signed_nonsense_is_refused(payload: str) -> None:
    """Even a good signature does not make deep, huge or wrong JSON into a credential."""
    signing_input = f"{b64(json.dumps(HEADER).encode())}.{b64(payload.encode())}"
    assert refusal(f"{signing_input}.{b64(rs256(signing_input.encode()))}").startswith("token_")


@given(st.text(max_size=300) | st.lists(st.binary(max_size=60).map(b64), max_size=5).map(".".join))
def test_any_text_is_refused_and_nothing_else_happens(text: str) -> None:
    """Whatever stands in the header, the answer is one refusal with one message."""
    assert refusal(text)


@given(position=st.integers(0, 10_000), character=st.characters(codec="ascii"))
def test_a_token_changed_anywhere_is_refused(position: int, character: str) -> None:
    """Every single character counts."""
    token = issue()
    place = position % len(token)
    bent = token[:place] + character + token[place + 1 :]
    assert bent == token or refusal(bent)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=5), st.data())
def test_any_value_in_any_place_is_refused_or_harmless(value: object, data: st.DataObject) -> None:
    """For every claim, header and JSON value: a refusal, or a principal with no more permissions than named."""
    claims, header = dict(CLAIMS), dict(HEADER)
    place = data.draw(st.sampled_from([*CLAIMS, "nbf", "auth_time"]))
    if data.draw(st.booleans()):
        claims[place] = value
    else:
        header[data.draw(st.sampled_from([*HEADER, "cty", "x"]))] = value
    try:
        ada = VERIFIER.verify(forge(claims, header), NOW)
    except NotSignedInError:
        return
    assert ada.permissions <= {Permission.SESSIONS_READ} and ada.issuer == ISSUER


def test_a_key_set_gives_only_keys_that_are_fit() -> None:
    """Small keys, other kinds, other uses, other algorithms and nonsense are left out; the good one stays."""
    good = MINE.jwks()["keys"][0]
    n_small = b64(SMALL_KEY.public_key().public_numbers().n.to_bytes(128, "big"))
    bad: list[Any] = [
        good | {"kid": "alg", "alg": "PS256"},
        good | {"kid": "use", "use": "enc"},
        good | {"kid": "small", "n": n_small},
        good | {"kid": "n", "n": "!"},
        good | {"kid": "n2", "n": 7},
        good | {"kid": 7},
        {"kid": "oct", "kty": "oct", "k": b64(b"secret" * 8)},
        {"kid": "empty", "kty": "RSA"},
        {"kty": "RSA", "n": good["n"], "e": good["e"]},
        "text",
        None,
    ]
    assert set(public_keys({"keys": [*bad, good]})) == {KID}


@pytest.mark.parametrize("jwks", [{}, {"keys": None}, {"keys": {}}, {"keys": "x"}])
def test_a_key_set_without_keys_gives_none(jwks: dict[str, Any]) -> None:
    """What is no list has no keys in it."""
    assert public_keys(jwks) == {}


def test_a_private_key_in_a_key_set_is_used_as_the_public_key_it_contains() -> None:
    """Only `n` and `e` are read."""
    good = MINE.jwks()["keys"][0]
    assert not hasattr(public_keys({"keys": [good | {"d": "AQAB"}]})[KID], "private_numbers")


@pytest.mark.parametrize("pem", [b"", b"nonsense", PUBLIC_PEM, pem_of(SMALL_KEY), pem_of(EC_KEY)])
def test_an_issuer_needs_a_real_key(pem: bytes) -> None:
    """Anything but RSA of 2048 bits or more is a fault of the installation."""
    with pytest.raises(SetupError) as caught:
        Issuer(pem, ISSUER, AUDIENCE)
    assert caught.value.code == "issuer_key_unusable"


def test_a_small_key_in_our_own_mapping_is_not_used() -> None:
    """Even handed in directly, 1024 bits are not enough."""
    weak = Verifier(ISSUER, AUDIENCE, {KID: SMALL_KEY.public_key()})
    assert refusal(forge(sign=lambda data: rs256(data, SMALL_KEY)), verifier=weak) == "token_invalid"


def test_an_issuer_that_would_blur_keys_is_refused() -> None:
    """`iss|sub` must read in one way only."""
    with pytest.raises(ValueError, match="ambiguous"):
        Verifier("https://a|b/", AUDIENCE, {})
