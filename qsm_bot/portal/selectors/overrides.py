"""What a person pointed at, kept in the data folder beside the selector pack, never over it."""

import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from qsm_bot.base.errors.inputs import PackInvalid
from qsm_bot.base.errors.outside import EvidenceUnwritable
from qsm_bot.base.os_words import os_words
from qsm_bot.base.private_files import write_private
from qsm_bot.base.toml import did_you_mean, load_toml
from qsm_bot.base.words import same
from qsm_bot.portal.selectors.pack import Element, LayerNames, Pack, Selector

_HEAD = """\
# What `qsm-bot calibrate` learned at {host}, in place of the same elements of the pack {pack}.
# `qsm-bot calibrate --reset` removes this file.

schema = 1
pack = {quoted_pack}
"""
_LAYERS = """
[layers]
at = {at}
go_on = {go_on}
give_up = {give_up}
close = {close}
"""
_ELEMENT = """
[elements.{key}]
at = [{at}]
seen = {seen}
sure = {sure}
"""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Pointed(_Strict):
    """One element: where it is now, and who said so."""

    at: Annotated[list[Selector], Field(min_length=1)]
    seen: str
    sure: Literal["A", "B", "guess", "pointed"]


class _Override(_Strict):
    schema_: Annotated[Literal[1], Field(alias="schema")]
    pack: str
    elements: dict[str, _Pointed] = {}
    layers: LayerNames | None = None


class Overrides:
    """The override of one pack at one host: a small TOML file.

    Args:
        folder: the data folder.
        pack: the name of the pack.
        host: the portal's host.
    """

    def __init__(self, folder: Path, *, pack: str, host: str) -> None:
        self._pack, self._host = pack, host
        name = re.sub(r"[^\w.-]", "_", f"{pack}-{host}")
        self.file = folder / "selectors" / f"{name}.toml"

    @property
    def exists(self) -> bool:
        """Whether somebody calibrated here."""
        return self.file.exists()

    def merged(self, pack: Pack) -> Pack:
        """Return the pack with the overridden elements in it; the same pack if there are none.

        Raises:
            PackInvalid: the file is not readable, is for another pack, names unknown elements,
                gives several selectors to one that acts, or a refuse button without its text.
        """
        if not self.exists:
            return pack
        said = load_toml(self.file, _Override, PackInvalid)
        if said.pack != pack.name:
            raise PackInvalid(file=self.file, detail=f"pack: for {said.pack}, not {pack.name}")
        elements = {key: self._element(key, each, pack) for key, each in said.elements.items()}
        layers = said.layers or pack.layers
        return pack.model_copy(update={"elements": {**pack.elements, **elements}, "layers": layers})

    def keys(self) -> tuple[str, ...]:
        """Return the elements that are overridden.

        Raises:
            PackInvalid: the file is not readable.
        """
        if not self.exists:
            return ()
        return tuple(load_toml(self.file, _Override, PackInvalid).elements)

    def keep(self, taught: Mapping[str, str], day: date, layers: LayerNames | None = None) -> None:
        """Add selectors by key, and the layer that asks, to what is there; the file stays whole.

        Raises:
            PackInvalid: what is there is not readable.
            EvidenceUnwritable: the file cannot be written.
        """
        kept = load_toml(self.file, _Override, PackInvalid) if self.exists else None
        before = kept.elements if kept else {}
        layers = layers or (kept.layers if kept else None)
        seen = f"calibrated by a person on {day.isoformat()}"
        now = {key: _Pointed(at=[at], seen=seen, sure="pointed") for key, at in taught.items()}
        head = _HEAD.format(host=self._host, pack=self._pack, quoted_pack=_quoted(self._pack))
        body = (
            _ELEMENT.format(
                key=key,
                at=", ".join(map(_quoted, each.at)),
                seen=_quoted(each.seen),
                sure=_quoted(each.sure),
            )
            for key, each in (before | now).items()
        )
        asks = _LAYERS.format(**{name: _quoted(it) for name, it in layers}) if layers else ""
        write_private(self.file, (head + asks + "".join(body)).encode())

    def remove(self) -> bool:
        """Remove the file; return whether there was one.

        Raises:
            EvidenceUnwritable: it cannot be removed.
        """
        try:
            self.file.unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise EvidenceUnwritable(path=self.file, detail=os_words(error)) from error
        return True

    def _element(self, key: str, said: _Pointed, pack: Pack) -> Element:
        known = pack.elements.get(key)
        if known is None:
            hint = did_you_mean(key, pack.elements)
            raise PackInvalid(file=self.file, detail=f"elements.{key}: unknown element{hint.en}")
        if known.fixed and len(said.at) > 1:
            detail = f"elements.{key}: acts, so it must have a single selector"
            raise PackInvalid(file=self.file, detail=detail)
        wanted = same(pack.texts.refuse_button)
        if key == "refuse_button" and f"'{wanted}'" not in same(said.at[0]):
            detail = f"elements.{key}: its selector must demand the text '{wanted}'"
            raise PackInvalid(file=self.file, detail=detail)
        return Element(at=said.at, seen=said.seen, sure=said.sure, fixed=known.fixed)


def _quoted(text: str) -> str:
    # JSON's strings are TOML's basic strings, but for one control character that no page has.
    return json.dumps(text, ensure_ascii=False)
