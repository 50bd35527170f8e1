"""A walk through the portal that only reads: what is there, and what it is ready for."""
