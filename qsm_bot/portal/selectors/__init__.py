"""The selector pack: every name on the portal, what a person taught, and what was found of it."""
