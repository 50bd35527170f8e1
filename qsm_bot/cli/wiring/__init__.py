"""From settings to the parts of a run; the one place where they are put together."""
