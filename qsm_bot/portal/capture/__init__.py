"""Saved pages without anything that was anybody's: pure, no file and no browser."""
