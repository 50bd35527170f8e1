"""Qoo10's seller API (QAPI): reads claims and orders, reports one shipment. It cannot refuse.

Names and codes come from Qoo10's method list as public programs quote it; nothing here was
tried against the real API.
"""

from qsm_bot.qapi.answers import ApiAnswer, ClaimRow, OrderRow, ShipmentRow
from qsm_bot.qapi.client import REQUESTED, Method, QapiClient
from qsm_bot.qapi.evidence import QapiEvidence
from qsm_bot.qapi.status import QapiStatus

__all__ = [
    "REQUESTED",
    "ApiAnswer",
    "ClaimRow",
    "Method",
    "OrderRow",
    "QapiClient",
    "QapiEvidence",
    "QapiStatus",
    "ShipmentRow",
]
