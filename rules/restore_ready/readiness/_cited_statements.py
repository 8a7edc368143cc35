"""Where does the statement of a policy stand that decided about a restore?"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from restore_ready.catalog._judged_estate import JudgedEstate
from restore_ready.model import Place, Str
from restore_ready.who_can_restore._steps import Cited


class CitedStatement(Struct, frozen=True):
    """A statement: the address of its policy, how it is named, and where it is written, if that is known."""

    policy: str
    words: str
    place: Place | None


class PolicyPlaces:
    """Where the policies of an estate are written, and what they are called."""

    def __init__(self, estate: JudgedEstate) -> None:
        """Look through *estate* once; of several with one address, the first counts."""
        self._known: dict[str, tuple[str, Place]] = {}
        for address, name, place in _policies(estate):
            self._known.setdefault(address, (name, place))

    def of(self, cited: Cited) -> CitedStatement:
        """Return the statement that *cited* names."""
        name, place = self._known.get(cited.policy, ("", None))
        words = f"statement {cited.sid} of {cited.kind} {name or cited.policy}"
        return CitedStatement(cited.policy, words, place if cited.focus is None else cited.focus.place)


def _policies(estate: JudgedEstate) -> Iterator[tuple[str, str, Place]]:
    """Yield address, name and place of what holds policy statements."""
    for policy in estate.vault_policies:
        focus = policy.places.of("document")
        yield policy.address, policy.address, policy.place if focus is None else focus.place
    for principal in estate.principals:
        for attached in principal.policies:
            yield attached.address, _text(attached.name), attached.place
        yield principal.address, principal.label, principal.place
    for key in estate.keys:
        alias = next((name for name in key.aliases if isinstance(name, str)), "")
        yield key.address, alias, key.place


def _text(name: Str) -> str:
    return name if isinstance(name, str) else ""
