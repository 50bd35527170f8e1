"""Rules as an Excel file, for sellers who edit tables rather than TOML; and back."""

from qsm_bot.rules.excel.sheet import rules_from_sheet, sheet_of, toml_of

__all__ = ["rules_from_sheet", "sheet_of", "toml_of"]
