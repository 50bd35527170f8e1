"""Cases for rules: given this request and these facts, that decision is expected.

A TOML file with `[[case]]` tables, or a CSV file with a case in each row. A seller writes
down what must come out, and is told when an edit of the rules changes it.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from qsm_bot.base.clock import JST
from qsm_bot.base.errors.inputs import CasesInvalid
from qsm_bot.base.os_words import os_words
from qsm_bot.base.tables import NoEncoding, encoding_of
from qsm_bot.base.toml import build, read_toml
from qsm_bot.base.words import Words
from qsm_bot.domain.carriers import carrier_name, tracking_number
from qsm_bot.domain.evidence import Evidence, Fact, FactName, Known, Source
from qsm_bot.domain.request import AskPerson, CancelRequest, Decision, Refuse
from qsm_bot.rules import RuleBook
from qsm_bot.rules.decide import decide

Expected = Literal["leave", "ask", "shipped", "ready", "made_to_order", "other"]


def _as_list(given: object) -> object:
    return given if given is None or isinstance(given, list) else [given]


def _in_japan(given: datetime | None) -> datetime | None:
    return given.replace(tzinfo=JST) if given is not None and given.tzinfo is None else given


Several = BeforeValidator(_as_list)
Moment = Annotated[datetime, Field(strict=False)]


class _Open(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CaseRequest(_Open):
    """The request of a case: what the list would show."""

    order_no: str = "700000001"
    cart_no: str = "200000001"
    item_code: str = ""
    item_name: str = ""
    option: str = ""
    status: str = "キャンセル・処理要請"
    buyer_reason: str = ""
    requested_on: date | None = None
    ordered_on: date | None = None
    quantity: int | None = None
    amount: int | None = None


class CaseEvidence(_Open):
    """The shop's facts in a case. Two values for one fact are two sources that differ."""

    tracking_no: Annotated[list[str], Several] = []
    carrier: Annotated[list[str], Several] = []
    shipping_status: Annotated[list[str], Several] = []
    shipped_on: Annotated[list[date], Several] = []
    packed_on: Annotated[list[date], Several] = []
    packed_at: Annotated[list[datetime], Several] = []
    made_to_order: Annotated[list[bool], Several] = []
    item_mark: Annotated[list[str], Several] = []
    columns: dict[str, Annotated[list[str], Several]] = {}
    problem: str | None = None

    def known(self, source: Source) -> Evidence:
        """Return the facts as sources would give them."""
        at = [moment for each in self.packed_at if (moment := _in_japan(each))]
        values: Mapping[FactName, list[Any]] = {
            FactName.TRACKING_NO: [tracking_number(each) for each in self.tracking_no],
            FactName.CARRIER: [carrier_name(each) for each in self.carrier],
            FactName.SHIPPING_STATUS: self.shipping_status,
            FactName.SHIPPED_ON: self.shipped_on,
            FactName.PACKED_ON: [*self.packed_on, *(each.astimezone(JST).date() for each in at)],
            FactName.PACKED_AT: at,
            FactName.MADE_TO_ORDER: self.made_to_order,
            FactName.ITEM_MARK: self.item_mark,
        }
        facts: dict[str, Any] = {name.value: _facts(each, source) for name, each in values.items()}
        return Evidence(
            **facts,
            columns={name: _facts(each, source) for name, each in self.columns.items()},
            problems=() if self.problem is None else (Words(self.problem, self.problem),),
        )


class RuleCase(_Open):
    """One case. `now` without a zone is JST; `rule` and `text` are compared if given."""

    name: str
    expect: Expected
    now: datetime | None = None
    rule: str | None = None
    text: str | None = None
    request: CaseRequest = CaseRequest()
    evidence: CaseEvidence = CaseEvidence()


class CaseFile(_Open):
    """A whole file of cases; `now` holds where a case has none of its own."""

    now: datetime
    cases: list[RuleCase] = Field(alias="case", min_length=1)


@dataclass(frozen=True, slots=True)
class Difference:
    """A case that came out otherwise: what was expected, what came, and why."""

    case: str
    expected: str
    got: str
    why: tuple[Words, ...]


def load_cases(path: Path) -> CaseFile:
    """Load a file of cases, `.toml` or `.csv`.

    Raises:
        CasesInvalid: it cannot be used.
    """
    is_csv = path.suffix.casefold() == ".csv"
    document = _csv_document(path) if is_csv else read_toml(path, CasesInvalid)
    return cases_from(document, path)


def cases_from(document: dict[str, Any], name: object) -> CaseFile:
    """Build cases from parsed TOML; errors as for `load_cases`."""
    return build(document, CaseFile, CasesInvalid, name=name)


def differences(book: RuleBook, cases: CaseFile, *, file: str = "cases") -> list[Difference]:
    """Decide every case under the rules, and return those that come out otherwise."""
    found = []
    for number, case in enumerate(cases.cases, start=1):
        now = _in_japan(case.now or cases.now)
        evidence = case.evidence.known(Source(file=file, row=number))
        request = CancelRequest(**case.request.model_dump())
        decision = decide(request, evidence, book, now or cases.now)
        expected, got = _expected(case), _got(case, decision)
        if expected != got:
            found.append(Difference(case.name, expected, got, _why(decision)))
    return found


def _expected(case: RuleCase) -> str:
    return _joined(case.expect, case.rule, case.text)


def _got(case: RuleCase, decision: Decision) -> str:
    if not isinstance(decision, Refuse):
        kind = "ask" if isinstance(decision, AskPerson) else "leave"
        return _joined(kind, None, None)
    rule = None if case.rule is None else decision.rule
    text = None if case.text is None else decision.text
    return _joined(decision.reason.value, rule, text)


def _joined(kind: str, rule: str | None, text: str | None) -> str:
    of_rule = f" [{rule}]" if rule is not None else ""
    return f"{kind}{of_rule}" + (f" 「{text}」" if text is not None else "")


def _why(decision: Decision) -> tuple[Words, ...]:
    return decision.because if isinstance(decision, Refuse) else (decision.why, *decision.advice)


def _facts(values: list[Any], source: Source) -> Known[Any]:
    # Each value is of a source of its own: so they differ.
    def place(number: int) -> Source:
        return replace(source, file=f"{source.file} ({number})") if number > 1 else source

    facts = (Fact(value=value, source=place(n)) for n, value in enumerate(values, start=1))
    return Known(facts=tuple(facts))


def _csv_document(path: Path) -> dict[str, Any]:
    """Return a CSV file in the form of the TOML file: headings such as `request.item_name`."""
    try:
        data = path.read_bytes()
        text = data.decode(encoding_of(data))
    except OSError as error:
        raise CasesInvalid(file=path, detail=os_words(error)) from error
    except NoEncoding as error:
        raise CasesInvalid(file=path, detail=error.words) from error
    cases: list[dict[str, Any]] = []
    for row in csv.DictReader(io.StringIO(text)):
        case: dict[str, Any] = {}
        for heading, cell in row.items():
            if heading and cell and str(cell).strip():
                _put(case, heading.strip().split("."), str(cell).strip())
        cases.append(case)
    first = next((case["now"] for case in cases if "now" in case), None)
    return {"case": cases} | ({} if first is None else {"now": first})


def _put(table: dict[str, Any], path: list[str], value: str) -> None:
    for part in path[:-1]:
        table = table.setdefault(part, {})
    table[path[-1]] = value
