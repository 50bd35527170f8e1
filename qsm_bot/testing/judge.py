"""The judge: does the portal's journal say the same as the ledger?"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from qsm_bot.ledger import Attempt
from qsm_bot.mock_portal.journal import Effect
from qsm_bot.model import OutcomeKind
from qsm_bot.plan import PermitKind

_UNSURE = (OutcomeKind.UNKNOWN, OutcomeKind.NEEDS_PERSON, None)
_NEVER_OURS = ("cancel", "retraction")


def disagreements(
    effects: Iterable[Effect], attempts: Sequence[Attempt], labels: Mapping[str, str]
) -> list[str]:
    """Return each way in which effects and attempts contradict each other; [] = they agree.

    Args:
        effects: what took effect at the portal.
        attempts: what the ledger says.
        labels: the portal's label of each reason.
    """
    effects = list(effects)
    refusals = [effect for effect in effects if effect.kind == "refuse"]
    found = [f"{e.order}: the portal recorded a {e.kind}" for e in effects if e.kind in _NEVER_OURS]
    for order, times in Counter(effect.order for effect in refusals).items():
        if times > 1:
            found.append(f"{order}: refused {times} times")
    done = {a.order_no: a for a in attempts if a.outcome is OutcomeKind.REFUSED}
    unsure = {a.order_no for a in attempts if a.outcome in _UNSURE}
    for effect in {effect.order: effect for effect in refusals}.values():
        attempt = done.pop(effect.order, None)
        if attempt is not None:
            found += _differences(effect, attempt, labels)
        elif effect.order not in unsure:
            found.append(f"{effect.order}: refused at the portal, not so in the ledger")
    found += [f"{order}: refused in the ledger, not so at the portal" for order in done]
    return found


def _differences(effect: Effect, attempt: Attempt, labels: Mapping[str, str]) -> list[str]:
    found = []
    if attempt.kind is not PermitKind.REFUSAL:
        found.append(f"{effect.order}: refused under a rehearsal permit")
    if effect.reason != labels[attempt.reason.value]:
        found.append(f"{effect.order}: reason {effect.reason}, planned {attempt.reason}")
    if (effect.text or None) != attempt.text:
        found.append(f"{effect.order}: another text than planned")
    return found
