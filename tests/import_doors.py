"""An import-linter contract: each library has its doors, the rooms that may import it.

Declared in pyproject.toml; one line says a library and its doors, `"sqlalchemy: ledger"`.
"""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

HOUSE = "qsm_bot"


class DoorsContract(Contract):
    """Each library is imported, directly, by the rooms behind its doors only."""

    type_name = "doors"

    libraries = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001
        """Return what passes by another way, and lines about libraries that nobody imports."""
        found = []
        for line in self.libraries:  # type: ignore[attr-defined]  # fields are set by name
            library, _, doors = line.partition(": ")
            names = tuple(f"{HOUSE}.{door}" for door in doors.split())
            importers = (
                graph.find_modules_that_directly_import(library)
                if library in graph.modules
                else {f"nobody imports {library}"}
            )
            found += [
                f"{importer} -> {library}"
                for importer in sorted(importers)
                if not any(importer == name or importer.startswith(f"{name}.") for name in names)
            ]
        return ContractCheck(kept=not found, metadata={"found": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print a line for each import that has no door."""
        for line in check.metadata["found"]:
            output.print_error(line)
