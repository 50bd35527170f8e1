"""Many sellers at once, replayed without a browser."""
