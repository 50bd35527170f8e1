"""When rounds are due, what became of them, their processes, and the systems' own timers."""
