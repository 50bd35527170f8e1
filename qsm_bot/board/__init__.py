"""The board: the seller's page on this computer; it reads the ledger and starts commands."""
