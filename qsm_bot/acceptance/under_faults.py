"""The kit in bad networks: which verdicts are others there than in a good one."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from qsm_bot.acceptance.clone.bad_networks import CONDITIONS, NetworkRun, run_in
from qsm_bot.acceptance.process import KitCall, run_kit
from qsm_bot.base.words import Lang, Words

_BEGUN = Words("network: {what}", "通信条件: {what}")


def judge_under_faults(
    call: KitCall, plain: Mapping[str, Any], tell: Callable[[Words], None]
) -> list[dict[str, Any]]:
    """Run the kit once in each network, and return what differs from the plain run.

    Args:
        call: the plain run's; it names a clone on this machine.
        plain: the plain run's document: it tells which request refuses.
        tell: is given a line for people as each network begins.

    Raises:
        UsageInvalid: the clone is not on this machine.
    """
    quiet = replace(call, html=None, junit=None, compare=None, load=None, quiet=True)
    services = plain["contract"].get("refusal", {}).get("services", ())
    documents = []
    for name, condition in CONDITIONS.items():
        tell(_BEGUN.filled(what=condition.words))
        run = run_in(
            condition,
            call.url,
            lambda origin: run_kit(replace(quiet, url=origin)),
            refusal=f"/{services[0]}" if services else "",
        )
        documents.append(_document(name, run, plain, call.lang))
    return documents


def _document(
    name: str, run: NetworkRun[dict[str, Any]], plain: Mapping[str, Any], lang: Lang
) -> dict[str, Any]:
    result = run.result or {}
    return {
        "name": name,
        "words": CONDITIONS[name].words.say(lang),
        "exit_code": result.get("exit_code", run.error.exit_code if run.error else None),
        "counts": result.get("counts"),
        "differs": dict(_differing(plain, result)),
        "why_not": run.why_not.say(lang) if run.why_not else None,
        "error": run.error.message.say(lang) if run.error else None,
        "arrived": run.arrived,
        "forwarded": run.forwarded,
        "seconds": round(run.seconds, 1),
    }


def _differing(plain: Mapping[str, Any], result: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    before = {each["id"]: each["verdict"] for each in plain["statements"]}
    for each in result.get("statements", ()):
        if before.get(each["id"]) != each["verdict"]:
            yield each["id"], each["verdict"]
