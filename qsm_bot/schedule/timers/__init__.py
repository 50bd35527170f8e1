"""The operating systems' own timers: what is written for them, and how they are set up.

A timer only knocks. Whether a round is due is decided by the program, each time, so that
hours, closed days and missed rounds are the same on every system.
"""
