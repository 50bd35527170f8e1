"""A file, the newest of a folder, or all parts of an export, as a source of evidence."""

from dataclasses import dataclass
from datetime import datetime

from qsm_bot.base.errors.evidence import SheetUnclear
from qsm_bot.base.toml import did_you_mean
from qsm_bot.base.words import Words, same
from qsm_bot.evidence import headings
from qsm_bot.evidence.config import FolderSettings, TableSettings
from qsm_bot.evidence.files import Snapshot, age_of, fitting, snapshot
from qsm_bot.evidence.protocol import EvidenceSet, SourceReport, together
from qsm_bot.evidence.sheets import Row, Sheet, sheets_of
from qsm_bot.evidence.table_rows import TableRows

_NOT_READ = Words("not read: {sheets}", "読んでいないシート: {sheets}")
_NO_SHEET = Words("no sheet “{name}”{hint}", "シート「{name}」がありません{hint}")
_WHICH_SHEET = Words(
    "order numbers stand in several sheets: {sheets}",
    "注文番号の列が複数のシートにあります: {sheets}",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class TableSource:
    """A CSV, TSV or Excel file of the seller's order or warehouse tool."""

    settings: TableSettings

    @property
    def name(self) -> str:
        """What the source is called: the settings' name for it, or its file's."""
        return self.settings.title

    def load(self, now: datetime) -> EvidenceSet:
        """Read the file as it is at this moment, or all parts of an export.

        Raises:
            EvidenceInvalid: of a kind; file, sheet and row are named, and what to do.
        """
        settings = self.settings
        if not isinstance(settings, FolderSettings):
            return self._loaded(snapshot(settings.path), now)
        first, *others = fitting(settings.path, settings.pattern)
        shots = [snapshot(first)]
        shots[0].raise_if_older(settings.max_age_hours, now)
        if settings.read == "all":
            shots += [
                snapshot(path) for path in others if age_of(path, now) <= settings.max_age_hours
            ]
        return together([self._loaded(shot, now) for shot in shots])

    def _loaded(self, shot: Snapshot, now: datetime) -> EvidenceSet:
        shot.raise_if_older(self.settings.max_age_hours, now)
        sheets = sheets_of(shot)
        sheet, row = self._chosen(sheets)
        layout = headings.layout_of(sheet, *row, self.settings)
        table = TableRows(sheet, layout, self.settings, now)
        unread = [each.name for each in sheets if each is not sheet]
        notes = (_NOT_READ.filled(sheets=" ".join(unread)),) if unread else ()
        report = SourceReport(
            name=self.name,
            read=sheet.at().words,
            rows=table.rows,
            orders=len(table),
            notes=notes + table.notes,
            columns=layout.used,
        )
        return EvidenceSet(reports=(report,), by_order=table)

    def _chosen(self, sheets: list[Sheet]) -> tuple[Sheet, tuple[int, Row]]:
        """Return the named sheet, or the only visible one with order numbers; and its headings."""
        names = self.settings.columns
        if self.settings.sheet is not None and sheets[0].name:
            sheets = [_named(self.settings.sheet, sheets)]
        else:
            sheets = [sheet for sheet in sheets if not sheet.hidden] or sheets
        rows = {index: headings.heading_row(sheet, names) for index, sheet in enumerate(sheets)}
        found = [(sheets[index], row) for index, row in rows.items() if row is not None]
        if not found:
            raise headings.missing(sheets[0], names)
        if len(found) > 1:
            detail = _WHICH_SHEET.filled(sheets=" ".join(sheet.name for sheet, _ in found))
            raise SheetUnclear(place=sheets[0].file, detail=detail)
        return found[0]


def _named(name: str, sheets: list[Sheet]) -> Sheet:
    for sheet in sheets:
        if same(sheet.name) == same(name):
            return sheet
    hint = did_you_mean(name, [sheet.name for sheet in sheets])
    raise SheetUnclear(place=sheets[0].file, detail=_NO_SHEET.filled(name=name, hint=hint))
