"""The statements of the manual as tests, in the order of its steps."""
