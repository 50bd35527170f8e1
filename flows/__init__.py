"""The flows: one story per module, told with the pages, the ledger and the rules."""
