"""What the person may do with the files and folders that this process makes."""

import os
from typing import Final

OWNER: Final = 0o700


def keep_owner_rights() -> None:
    """Take no right from the owner, whatever the umask says; what it takes from others stays.

    Else a new settings folder could not be written to by the very person whose it is.
    """
    os.umask(os.umask(0o077) & ~OWNER)
