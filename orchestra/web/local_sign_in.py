"""The sign-in of one machine's own people: its issuer is the daemon itself, its key lies in the state directory."""

import getpass
import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path

import trio

from orchestra.access import Issuer, Principal, Verifier, local_issuer, public_keys
from orchestra.store.issuer_key import load_or_create_issuer_key
from orchestra.web.sign_in import LOCAL_AUDIENCE, SignIn

__all__ = ["local_sign_in"]


async def local_sign_in(key_file: Path, url: str, agents: Callable[[str], Principal]) -> SignIn:
    """Return the sign-in of a daemon that answers at `url`; `agents` knows the tokens of agents."""
    key = await trio.to_thread.run_sync(load_or_create_issuer_key, key_file)
    name = local_issuer(key)
    issuer = Issuer(key, name, LOCAL_AUDIENCE)
    return SignIn(
        issuer,
        Verifier(name, LOCAL_AUDIENCE, public_keys(issuer.jwks())),
        base_url=url,
        user_name=_user_name(),
        unix_s=time.time,
        now_s=time.monotonic,
        random=secrets.token_bytes,
        agents=agents,
    )


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no entry in the password file, as in some containers
        return f"uid-{os.geteuid()}"
