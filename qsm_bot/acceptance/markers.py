"""What pytest knows the kit by: its name as a plugin, and its markers."""

KIT = "qsm_bot.acceptance"
STATEMENT = "statement"
UNDER_LOAD = "under_load"
