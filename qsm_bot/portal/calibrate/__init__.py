"""A person points at what the selector pack does not find."""
