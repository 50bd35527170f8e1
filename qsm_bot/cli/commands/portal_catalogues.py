"""What the mock portal can do wrong, on the command line: both catalogues, and what is chosen."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar

from qsm_bot.base.errors.inputs import UsageInvalid
from qsm_bot.base.words import Words
from qsm_bot.cli.program.call import Job

if TYPE_CHECKING:
    from qsm_bot.mock_portal.options import PortalOptions

_SEE_FAULTS = Words(
    "{detail}; `qsm-bot portal --faults` lists them", "{detail}（一覧: `qsm-bot portal --faults`）"
)
_SEE_DEFECTS = Words(
    "{detail}; `qsm-bot portal --defects` lists them",
    "{detail}（一覧: `qsm-bot portal --defects`）",
)

_NO_SUCH = Words("{option} {given}: one of {known}", "{option} {given}: {known} のどれかです")

_Known = TypeVar("_Known", bound=str)


def options_with(faults: Iterable[str], defects: Iterable[str]) -> "PortalOptions":
    """Return the options with these faults and defects.

    Raises:
        UsageInvalid: one is not in its catalogue.
    """
    from qsm_bot.mock_portal.defects import UnknownDefectError, parse_defects
    from qsm_bot.mock_portal.faults import UnknownFaultError, parse_faults
    from qsm_bot.mock_portal.options import PortalOptions

    try:
        return PortalOptions(faults=parse_faults(faults), defects=parse_defects(defects))
    except UnknownFaultError as error:
        raise UsageInvalid(detail=_SEE_FAULTS.filled(detail=error)) from error
    except UnknownDefectError as error:
        raise UsageInvalid(detail=_SEE_DEFECTS.filled(detail=error)) from error


def list_faults(job: Job) -> int:
    """Show the catalogue of faults."""
    from qsm_bot.cli.commands.portal_tables import fault_table
    from qsm_bot.mock_portal.faults import CATALOGUE

    document = [
        {"name": name, "area": kind.area.value, "value": kind.value, "what": kind.words.to_dict()}
        for name, kind in CATALOGUE.items()
    ]
    job.show({"faults": document}, lambda: fault_table(CATALOGUE, job.lang))
    return 0


def list_defects(job: Job) -> int:
    """Show the catalogue of defects."""
    from qsm_bot.cli.commands.portal_tables import defect_table
    from qsm_bot.mock_portal.defects import DEFECTS

    document = [
        {
            "name": name,
            "part": each.part.value,
            "what": each.words.to_dict(),
            "also": list(each.also),
        }
        for name, each in DEFECTS.items()
    ]
    job.show({"defects": document}, lambda: defect_table(DEFECTS, job.lang))
    return 0


def one_of(option: str, given: str, known: tuple[_Known, ...]) -> _Known:
    """Return the choice that an option names.

    Raises:
        UsageInvalid: it is none of them.
    """
    for each in known:
        if each == given:
            return each
    detail = _NO_SUCH.filled(option=option, given=given, known=", ".join(map(str, known)))
    raise UsageInvalid(detail=detail)
