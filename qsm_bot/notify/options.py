"""The settings of notifications: their types, and how they are read from texts."""

from typing import Annotated

from pydantic import BeforeValidator, SecretStr
from pydantic_settings import NoDecode

from qsm_bot.notify.channels import split_urls
from qsm_bot.notify.hours import QuietHours
from qsm_bot.notify.message import MessageKind

URGENT = (MessageKind.UNKNOWN, MessageKind.DUTY)


def _urls(given: object) -> object:
    if isinstance(given, str):
        return split_urls(given)
    if isinstance(given, list) and all(isinstance(each, str) for each in given):
        return [url for each in given for url in split_urls(each)]
    return given


def _quiet(given: object) -> object:
    if isinstance(given, str):
        return QuietHours.parse(given) if given.strip() else None
    return given


def _kinds(given: object) -> object:
    return given.replace(",", " ").split() if isinstance(given, str) else given


NotifyUrls = Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_urls)]
Quiet = Annotated[QuietHours | None, NoDecode, BeforeValidator(_quiet)]
UrgentKinds = Annotated[tuple[MessageKind, ...], NoDecode, BeforeValidator(_kinds)]
