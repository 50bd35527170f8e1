"""The commands of the program, one file for each or for each group."""
