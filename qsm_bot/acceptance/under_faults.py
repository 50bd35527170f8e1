"""The kit in bad networks: what is judged otherwise there than in a good one."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from qsm_bot.acceptance.network import CONDITIONS, Heard, run_through
from qsm_bot.acceptance.process import KitCall, run_kit
from qsm_bot.words import Lang, Words

_BEGUN = Words("network: {what}", "通信条件: {what}")


def judge_under_faults(
    call: KitCall, plain: Mapping[str, Any], tell: Callable[[Words], None]
) -> list[dict[str, Any]]:
    """Run the kit once in each network, and say what differs from the plain run.

    Args:
        call: the plain run's; it names a clone on this machine.
        plain: the plain run's document: it tells which request refuses.
        tell: is given a line for people as each network begins.

    Raises:
        UsageInvalid: the clone is not on this machine.
    """
    quiet = replace(call, html=None, junit=None, compare=None, load=None, quiet=True)
    refusal = plain["contract"].get("refusal", {}).get("services", ())
    heard: list[Heard[dict[str, Any]]] = []
    for name, condition in CONDITIONS.items():
        tell(_BEGUN.filled(what=condition.words))
        heard += run_through(
            call.url,
            lambda origin: run_kit(replace(quiet, url=origin)),
            refusal=f"/{refusal[0]}" if refusal else "",
            names=[name],
        )
    return [_document(each, plain, call.lang) for each in heard]


def _document(heard: Heard[dict[str, Any]], plain: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    said = heard.said or {}
    return {
        "name": heard.name,
        "words": CONDITIONS[heard.name].words.say(lang),
        "exit_code": said.get("exit_code", heard.error.exit_code if heard.error else None),
        "counts": said.get("counts"),
        "differs": dict(_differing(plain, said)),
        "why_not": heard.why_not.say(lang) if heard.why_not else None,
        "error": heard.error.message.say(lang) if heard.error else None,
        "arrived": heard.arrived,
        "forwarded": heard.forwarded,
        "seconds": round(heard.seconds, 1),
    }


def _differing(plain: Mapping[str, Any], said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    before = {each["id"]: each["verdict"] for each in plain["statements"]}
    for each in said.get("statements", ()):
        if before.get(each["id"]) != each["verdict"]:
            yield each["id"], each["verdict"]
