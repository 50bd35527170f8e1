"""A plan rebuilt from its stored form, or from a file."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from qsm_bot.base.errors.plans import PlanTampered, PlanUnreadable
from qsm_bot.base.plain_text import visible_in
from qsm_bot.base.words import Words
from qsm_bot.domain.plan import SCHEMA, Limits, Plan, PlannedRefusal, PlannedRest
from qsm_bot.domain.request import RefusalReason
from qsm_bot.domain.seen_request import SeenRequest


def plan_from_dict(document: Mapping[str, Any]) -> Plan:
    """Rebuild a plan from `Plan.to_dict`'s form.

    Raises:
        PlanTampered: it is not of that form.
    """
    try:
        if document["schema"] != SCHEMA:
            raise ValueError(document["schema"])
        plan = Plan(
            shop=document["shop"],
            portal=document["portal"],
            rules=document["rules"],
            pack=document["pack"],
            created_at=datetime.fromisoformat(document["created_at"]),
            expires_at=datetime.fromisoformat(document["expires_at"]),
            total=document["total"],
            limits=Limits(**document["limits"]),
            refuse=tuple(_refusal(row) for row in document["refuse"]),
            leave=tuple(_rest(row) for row in document["leave"]),
            ask=tuple(_rest(row) for row in document["ask"]),
            instead_of=document.get("instead_of", ""),
        )
        if plan.to_dict() != document:
            raise ValueError("more in it than a plan holds")
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise PlanTampered(plan=_shop_of(document)) from error
    return plan


def _shop_of(document: Any) -> str:
    return str(document.get("shop", "?")) if isinstance(document, Mapping) else "?"


def _refusal(row: Mapping[str, Any]) -> PlannedRefusal:
    return PlannedRefusal(
        order_no=row["order_no"],
        cart_no=row["cart_no"],
        fingerprint=row["fingerprint"],
        reason=RefusalReason(row["reason"]),
        text=row["text"],
        rule=row["rule"],
        because=tuple(Words.from_dict(words) for words in row["because"]),
        facts=row.get("facts", ""),
        seen=_seen(row),
    )


def _rest(row: Mapping[str, Any]) -> PlannedRest:
    return PlannedRest(
        order_no=row["order_no"],
        why=Words.from_dict(row["why"]),
        advice=tuple(Words.from_dict(words) for words in row.get("advice", ())),
        seen=_seen(row),
    )


def _seen(row: Mapping[str, Any]) -> SeenRequest | None:
    return SeenRequest(**row["seen"]) if "seen" in row else None


def plan_from_file_text(text: str, *, name: str) -> Plan:
    """Read a plan file; `name` stands in the error.

    Raises:
        PlanUnreadable: it is no plan file.
        PlanTampered: its content does not fit its digest.
    """
    try:
        document = json.loads(text)
        content, said = document["plan"], document["digest"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise PlanUnreadable(plan=name) from error
    try:
        plan = plan_from_dict(content)
        # None that was made here hides anything from the eyes of who approves it.
        if plan.digest != said or visible_in(content) != content:
            raise ValueError(said)
    except (ValueError, PlanTampered) as error:
        raise PlanTampered(plan=name) from error
    return plan
