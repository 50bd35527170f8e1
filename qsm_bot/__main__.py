"""`python -m qsm_bot` is `qsm-bot`."""

from qsm_bot.cli import main

if __name__ == "__main__":
    main()
