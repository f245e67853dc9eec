"""Who may come in: only pages that this panel itself has given out.

The address holds a random token that no other page can know. On top of that, requests are refused
whose Host is not ours (a foreign name made to point at 127.0.0.1, DNS rebinding), whose Origin is
another page's, or which a browser says another site has caused.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

LOOPBACK: Final = "127.0.0.1"
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'self'; img-src 'self' blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""What every answer says to the browser: keep nothing, and let no other page in."""
OWN_SITES: Final = ("same-origin", "none")
"""What `Sec-Fetch-Site` says of our own page, and of an address that the person opened."""


@dataclass(frozen=True, slots=True)
class Door:
    """The checks of one panel, which listens on `port`."""

    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    @property
    def address(self) -> str:
        """What the person opens."""
        return f"http://{LOOPBACK}:{self.port}/{self.token}/"

    def refusal(self, path: str, headers: Mapping[str, str], *, changes: bool) -> int | None:
        """Return the HTTP status to refuse with, or None for our own page.

        `headers` are asked by the names Host, Origin, Sec-Fetch-Site and Content-Type; `changes`
        is true for requests that do something.
        """
        if not self._is_our_host(headers.get("Host", "")):
            return 421
        if not self._holds_token(path):
            return 404
        if headers.get("Sec-Fetch-Site", "none") not in OWN_SITES:
            return 403
        origin = headers.get("Origin")
        if origin is not None and origin not in self._origins():
            return 403
        return self._refused_change(headers) if changes else None

    def _refused_change(self, headers: Mapping[str, str]) -> int | None:
        """What does something must name its page, and be JSON, which forms cannot send."""
        if headers.get("Origin") is None:
            return 403
        return None if headers.get("Content-Type") == "application/json" else 415

    def inner(self, path: str) -> str:
        """Return the path without the token."""
        return path.partition("?")[0].removeprefix(f"/{self.token}/")

    def _is_our_host(self, host: str) -> bool:
        return host in (f"{LOOPBACK}:{self.port}", f"localhost:{self.port}")

    def _origins(self) -> tuple[str, ...]:
        return (f"http://{LOOPBACK}:{self.port}", f"http://localhost:{self.port}")

    def _holds_token(self, path: str) -> bool:
        given = path.split("/", 2)[1] if path.count("/") >= 2 else ""
        return hmac.compare_digest(given.encode(), self.token.encode())
