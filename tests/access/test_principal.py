"""Who acts."""

import dataclasses

import pytest

from orchestra.access import Principal

ADA = Principal(
    issuer="https://issuer/",
    subject="auth0|123",
    permissions=frozenset(),
    token_id="t",
    issued_unix_s=0,
    expires_unix_s=60,
    signed_in_unix_s=0,
)


def test_the_key_is_issuer_and_subject() -> None:
    """Two issuers may use one subject for two people; the key keeps them apart."""
    assert ADA.key == "https://issuer/|auth0|123"
    assert dataclasses.replace(ADA, issuer="https://other/").key != ADA.key


def test_a_principal_cannot_be_given_more_permissions() -> None:
    """It is a frozen value without a `__dict__`."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        ADA.permissions = frozenset()  # type: ignore[misc]
