"""Claim pages that the server draws: each click posts the page back."""
