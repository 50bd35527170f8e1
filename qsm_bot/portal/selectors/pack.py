"""The selector pack: every name on the portal, from a TOML file, checked before use."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from qsm_bot.base.errors.inputs import PackInvalid
from qsm_bot.base.resources import data_dir
from qsm_bot.base.toml import build, did_you_mean, read_toml
from qsm_bot.base.words import same
from qsm_bot.domain.order_status import ClaimWords
from qsm_bot.domain.request import RefusalReason, canonical_json, sha256
from qsm_bot.portal.selectors.grid_kinds import GridKind, RowOpening

# The buttons beside キャンセル拒否: one cancels the order, one asks the buyer to withdraw.
_NEIGHBOURS = ("キャンセル", "キャンセルの撤回要請")

Selector = Annotated[str, StringConstraints(pattern=r"^(css|xpath)=.+")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Element(_Strict):
    """One element of the portal: where it is, where that was seen, and how sure that is."""

    at: Annotated[list[Selector], Field(min_length=1)]
    seen: str
    sure: Literal["A", "B", "guess", "pointed"]
    fixed: bool = False


class Paths(_Strict):
    """Paths of the portal's pages."""

    login: str
    home: str
    claims: str


class ServicePaths(_Strict):
    """Requests that the portal's pages make: glob of the reading ones, ending of the refusing.

    `order_in_request` says whether the refusing one must name its order; `harmless` are
    patterns of paths, or of posting controls, that may leave at any time.
    """

    list: str
    refusal: str = ""
    order_in_request: Literal["must", "may"] = "may"
    harmless: tuple[str, ...] = ()


class Reasons(_Strict):
    """The labels of キャンセル拒否理由."""

    shipped: str
    ready: str
    made_to_order: str
    other: str


class Counters(_Strict):
    """The labels of the counters that are read."""

    requests: str
    refused: str


class PortalTexts(_Strict):
    """What the portal says, and what a picture of it may show."""

    login_title: str
    sign_out: str
    confirm: str
    completed: str
    refuse_button: str
    neighbours: list[str]
    notices: list[str] = []
    error_pages: list[str]
    closed_pages: list[str]
    other_languages: list[str]
    open_status: list[str]
    refused_status: list[str]
    search_by_order: str
    public_labels: list[str]
    reasons: Reasons
    counters: Counters

    @model_validator(mode="after")
    def _button_is_no_neighbour(self) -> Self:
        if same(self.refuse_button) in map(same, self.all_neighbours):
            raise ValueError(f"refuse_button must not be {self.refuse_button}: it acts otherwise")
        return self

    @property
    def all_neighbours(self) -> tuple[str, ...]:
        """The buttons that act otherwise: a pack may name more, but not take any off."""
        return *self.neighbours, *_NEIGHBOURS

    @property
    def counted(self) -> tuple[str, str]:
        """The labels of the counters that a look reads: open and refused requests."""
        return self.counters.requests, self.counters.refused

    def label(self, reason: RefusalReason) -> str:
        """Return the label of `reason` in the pull-down."""
        label: str = getattr(self.reasons, reason.value)
        return label


class Grid(_Strict):
    """How the list is built, and what opens a row of it."""

    kind: GridKind = "auto"
    open: RowOpening = "dblclick"


class LayerNames(_Strict):
    """Questions and messages that the page shows as layers of its own, and their buttons' words.

    `go_on` accepts the question, `give_up` does not; `close` ends the message that follows, "" =
    its only button does.
    """

    at: Selector
    go_on: str
    give_up: str
    close: str = ""


class HeadingNames(_Strict):
    """Headings of the grid's columns that must be there."""

    status: str
    buyer_reason: str
    requested_on: str
    ordered_on: str
    order_no: str
    cart_no: str
    item_code: str


class OptionalColumns(_Strict):
    """Headings of columns that are read where the portal shows them."""

    item_name: str | None = None
    option: str | None = None
    quantity: str | None = None
    amount: str | None = None


class Pack(_Strict):
    """A whole selector pack."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    name: str
    look: Literal["search", "lists"]
    paths: Paths
    services: ServicePaths
    texts: PortalTexts
    grid: Grid = Grid()
    layers: LayerNames | None = None
    columns: HeadingNames
    optional_columns: OptionalColumns
    qapi: ClaimWords = ClaimWords()
    elements: dict[str, Element]

    @property
    def grid_in_page(self) -> dict[str, object]:
        """What our page scripts must know to find the grid's reader."""
        titles = [same(label) for label in self.texts.counted]
        return {
            "kind": self.grid.kind,
            "heading": same(self.columns.order_no),
            "titles": titles,
        }

    def with_element(self, key: str, at: str) -> Self:
        """Return the pack with one selector for an element in place of its own."""
        element = self.elements[key].model_copy(update={"at": [at], "sure": "pointed"})
        return self.model_copy(update={"elements": {**self.elements, key: element}})

    @property
    def digest(self) -> str:
        """SHA-256 of the pack's content: plans name the pack that they were made under."""
        return sha256(canonical_json(self.model_dump(mode="json", by_alias=True)))


class PortalPage(StrEnum):
    """Where elements are looked for, in the order in which a walk comes by."""

    SIGN_IN = "sign_in"
    HOME = "home"
    CLAIMS = "claims"
    LIST = "list"
    SEARCH = "search"
    DETAILS = "details"


@dataclass(frozen=True, slots=True)
class PageNeeds:
    """An element that a page object declares.

    `acts` forbids fallbacks; `may_lack` says that the page need not have it; `single` that
    a second match would leave open which one is meant.
    """

    key: str
    place: PortalPage
    acts: bool = False
    may_lack: bool = False
    single: bool = False


def load_pack(path: Path | None, needs: tuple[PageNeeds, ...]) -> Pack:
    """Load a pack (the shipped one without `path`) and check it against the pages' needs.

    Raises:
        PackInvalid: unreadable, an element missing or unknown, or a fallback where none may be.
    """
    file = path or _shipped("qsm-jp")
    pack = build(_document(file), Pack, PackInvalid, name=file)
    known = {need.key for need in needs}
    for key in pack.elements.keys() - known:
        hint = did_you_mean(key, known)
        raise PackInvalid(file=file, detail=f"elements.{key}: unknown element{hint.en}")
    for need in needs:
        _check(file, pack, need)
    return pack


def _shipped(name: str) -> Path:
    return data_dir("selectors") / f"{name}.toml"


def _document(file: Path) -> dict[str, Any]:
    """Read a pack's file; of one that `extends` a shipped pack only what differs stands in it.

    Tables are filled up key by key, each element taken whole; what acts stays what acts.
    """
    own = read_toml(file, PackInvalid)
    base = own.pop("extends", None)
    if base is None:
        return own
    known = sorted(each.stem for each in data_dir("selectors").glob("*.toml"))
    if base not in known:
        hint = did_you_mean(str(base), known)
        raise PackInvalid(file=file, detail=f"extends: no shipped pack is called {base!r}{hint.en}")
    if own.get("name", base) == base:
        raise PackInvalid(file=file, detail="name: a pack that extends another needs its own")
    whole = read_toml(_shipped(base), PackInvalid)
    for key, element in _table(own, "elements").items():
        if isinstance(element, dict) and key in whole["elements"]:
            fixed = whole["elements"][key].get("fixed", False)
            whole["elements"][key] = {"fixed": fixed}
    return _filled(whole, own)


def _filled(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Return `base` with what `own` says in place of the same; tables within tables likewise."""
    inner = {
        key: _filled(_table(base, key), value) for key, value in own.items() if type(value) is dict
    }
    return {**base, **own, **inner}


def _table(document: dict[str, Any], key: str) -> dict[str, Any]:
    found = document.get(key)
    return found if isinstance(found, dict) else {}


def _check(file: Path, pack: Pack, need: PageNeeds) -> None:
    element = pack.elements.get(need.key)
    if element is None:
        raise PackInvalid(file=file, detail=f"elements.{need.key}: missing")
    if need.acts and (not element.fixed or len(element.at) > 1):
        detail = f"elements.{need.key}: acts, so it must be fixed = true with a single selector"
        raise PackInvalid(file=file, detail=detail)
