"""The program's exit codes: one table for commands, errors, rounds and reports."""

from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ended, and who acts next.

    ======  ================  ==========================================  ======================
    code    name              meaning                                     who acts
    ======  ================  ==========================================  ======================
    0       OK                everything was done and verified            nobody
    10      NOTHING_TO_DO     nothing was to be done                      nobody
    20      SOME_SKIPPED      finished, but some orders were not done     the shop, when it suits
    30      PERSON_NEEDED     an outcome is unknown, or a duty at risk    the shop, today
    40      SIGN_IN           the portal did not let us in                the shop: `login`
    50      UNAVAILABLE       portal, API or browser cannot be reached    nobody at first; then IT
    60      INPUT_INVALID     settings, rules, plan or files are wrong    who wrote them
    70      SHOP_BUSY         another run holds the shop                  nobody
    80      INTERNAL          a bug, or this computer failed              IT
    90      SAFETY_STOP       something contradicts what must hold        the shop, now
    ======  ================  ==========================================  ======================
    """

    OK = 0
    NOTHING_TO_DO = 10
    SOME_SKIPPED = 20
    PERSON_NEEDED = 30
    SIGN_IN = 40
    UNAVAILABLE = 50
    INPUT_INVALID = 60
    SHOP_BUSY = 70
    INTERNAL = 80
    SAFETY_STOP = 90

    @property
    def is_good(self) -> bool:
        """Whether a run that ended so did all that it could do."""
        return self in GOOD


GOOD = frozenset({ExitCode.OK, ExitCode.NOTHING_TO_DO, ExitCode.SOME_SKIPPED})


_TONES: dict[int | None, str] = {
    ExitCode.OK: "green",
    ExitCode.NOTHING_TO_DO: "grey",
    ExitCode.SOME_SKIPPED: "amber",
}


def tone_of(code: int | None) -> str:
    """Return the colour in which reports show it: `"green"`, `"grey"`, `"amber"` or `"red"`."""
    return _TONES.get(code, "red")
