"""The command line: reads options, builds the parts, calls one flow, renders, exits."""

import sys


def main() -> None:
    """Run the program and exit with a code of the contract."""
    from qsm_bot.cli.app import run

    sys.exit(run(sys.argv[1:]))
