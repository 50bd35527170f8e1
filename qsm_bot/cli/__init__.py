"""The command line: reads options, builds the parts, calls one flow, renders, exits."""

import sys


def main() -> None:
    """Run the program and exit with a code of the contract."""
    from qsm_bot.cli.program.streams import Outputs

    # Before anything else is loaded: what is loaded keeps the streams that it finds.
    outputs = Outputs.guarded()
    from qsm_bot.cli.app import run

    sys.exit(outputs.exit_code(run(sys.argv[1:])))
