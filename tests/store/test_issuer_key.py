"""The issuer's key: made once, private, checked."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from orchestra.errors import SetupError
from orchestra.store.issuer_key import KEY_BITS, load_or_create_issuer_key


def refusal(path: Path) -> str:
    """Return the code with which the key at `path` is refused."""
    with pytest.raises(SetupError) as caught:
        load_or_create_issuer_key(path)
    return caught.value.code


def test_the_first_call_makes_the_key_that_all_further_ones_return(short_dir: Path) -> None:
    """It is an RSA key of 2048 bits in a file of mode 0600, and nothing else is left there."""
    pem = load_or_create_issuer_key(short_dir / "issuer.pem")
    key = load_pem_private_key(pem, password=None)
    assert isinstance(key, rsa.RSAPrivateKey) and key.key_size == KEY_BITS
    assert load_or_create_issuer_key(short_dir / "issuer.pem") == pem
    assert [(entry.name, entry.stat().st_mode & 0o777) for entry in short_dir.iterdir()] == [("issuer.pem", 0o600)]


def test_of_two_that_make_it_at_once_both_have_the_same_key(short_dir: Path) -> None:
    """The first one on disk wins; nobody signs with a key that is lost."""
    with ThreadPoolExecutor(4) as threads:
        keys = set(threads.map(load_or_create_issuer_key, [short_dir / "issuer.pem"] * 4))
    assert keys == {(short_dir / "issuer.pem").read_bytes()}


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o601])
def test_a_key_that_others_could_read_is_refused(short_dir: Path, mode: int) -> None:
    """It may have been copied; repairing its rights would hide that."""
    load_or_create_issuer_key(short_dir / "issuer.pem")
    (short_dir / "issuer.pem").chmod(mode)
    assert refusal(short_dir / "issuer.pem") == "issuer_key_exposed"


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, protection: KeySerializationEncryption) -> bytes:
    """Return `key` as a file."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection)


UNFIT: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "text": lambda: b"not a key",
    "huge": lambda: b"x" * 100_000,
    "small": lambda: pem(rsa.generate_private_key(65537, 1024), NoEncryption()),  # noqa: S505 - to be refused
    "elliptic": lambda: pem(ec.generate_private_key(ec.SECP256R1()), NoEncryption()),
    "encrypted": lambda: pem(rsa.generate_private_key(65537, 2048), BestAvailableEncryption(b"x")),
}


@pytest.mark.parametrize("kind", UNFIT)
def test_a_file_that_is_no_such_key_is_refused_and_kept(short_dir: Path, kind: str) -> None:
    """It is never replaced: somebody may have put a key there by mistake, or need to see what happened."""
    content = UNFIT[kind]()
    (short_dir / "issuer.pem").write_bytes(content)
    (short_dir / "issuer.pem").chmod(0o600)
    assert refusal(short_dir / "issuer.pem") == "issuer_key_unusable"
    assert (short_dir / "issuer.pem").read_bytes() == content


def test_a_link_or_a_directory_in_its_place_is_refused(short_dir: Path) -> None:
    """Neither is followed, filled or removed."""
    load_or_create_issuer_key(short_dir / "real.pem")
    (short_dir / "link.pem").symlink_to(short_dir / "real.pem")
    (short_dir / "dangling.pem").symlink_to(short_dir / "nowhere.pem")
    (short_dir / "directory.pem").mkdir()
    for name in ("link.pem", "dangling.pem", "directory.pem"):
        assert refusal(short_dir / name) == "issuer_key_unusable"
    assert not (short_dir / "nowhere.pem").exists()


def test_a_place_that_takes_no_file_is_a_fault_of_the_installation() -> None:
    """/proc takes no files, not even from root."""
    assert refusal(Path("/proc/issuer.pem")) == "issuer_key_unusable"
