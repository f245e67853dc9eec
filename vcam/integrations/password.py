"""Where a password is: in the system's keyring, in a file of its own, or nowhere."""

from typing import Final, Protocol

from vcam.integrations.secret_file import read_secret
from vcam.integrations.system_keyring import read_from_keyring

HOLDERS: Final = ("obs", "mqtt")
"""The sections whose password may be in the keyring, each by its own name."""


class Keeps(Protocol):
    """A section of the settings that says where its password is."""

    @property
    def keyring(self) -> bool:
        """Whether it is in the system's keyring."""

    @property
    def password_file(self) -> str | None:
        """Otherwise, the file that it is in."""


def read_password(name: str, section: Keeps, seconds: float | None = None) -> str | None:
    """Return it, or None where there is none. Raises `ActionError`.

    Waits for the keyring so long at most; three seconds where nothing is said.
    """
    return (
        read_from_keyring(name, seconds) if section.keyring else read_secret(section.password_file)
    )
