"""Bodies of requests to the mock portal: forms, and parameters of service calls."""

import json
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request

_FORM_TYPE = "application/x-www-form-urlencoded"


async def params_of(request: Request) -> dict[str, Any]:
    """Read a call's parameters: JSON, or a form's fields from pages that post one.

    Raises:
        ValueError: it is neither.
    """
    if request.method == "GET":
        return named_in(request)
    body = await request.body()
    if request.headers.get("content-type", "").startswith(_FORM_TYPE):
        return dict(form_fields(body))
    params = json.loads(body or b"{}")
    if not isinstance(params, dict):
        raise ValueError("not an object")  # noqa: TRY004 - a bad value from outside, not a bug
    return params


def form_fields(body: bytes) -> dict[str, str]:
    """Return the fields of a form; of a repeated one the first."""
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[0] for name, values in fields.items()}


def named_in(request: Request) -> dict[str, Any]:
    """Return the fields of the address; a `key` is an order's number backwards."""
    fields = dict(request.query_params)
    return {"contr_no": fields["key"][::-1], **fields} if "key" in fields else fields


async def order_in(request: Request) -> str | None:
    """Return the order number that address or body name, if one does."""
    try:
        params = await params_of(request)
    except ValueError:
        return None
    order = params.get("contr_no") or params.get("srch_option_value") or params.get("OrderNo")
    return str(order) if order else None
