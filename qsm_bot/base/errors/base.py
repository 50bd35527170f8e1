"""The root of the tree."""

from typing import ClassVar

from qsm_bot.base.exit_code import ExitCode
from qsm_bot.base.words import Words

NOTHING_SENT = Words("Nothing was sent to the portal.", "ポータルには何も送信していません。")


class QsmBotError(Exception):
    """The root of all errors of the program."""

    exit_code: ClassVar[ExitCode] = ExitCode.INTERNAL
    says: ClassVar[Words] = Words("Something went wrong inside: {detail}", "内部エラー: {detail}")
    means: ClassVar[Words] = Words(
        "The ledger tells what was done before this.", "ここまでの処理は台帳に記録されています。"
    )
    next_step: ClassVar[Words] = Words(
        "Run `qsm-bot reconcile`, then `qsm-bot history`.",
        "`qsm-bot reconcile` の後、`qsm-bot history` で確認してください。",
    )

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        self.message = self.says.filled(**facts)
        self.meaning = self.means
        self.next_words = self.next_step.filled(**facts)
        super().__init__(self.message.en)

    @property
    def code(self) -> str:
        """The error's name in JSON."""
        return type(self).__name__
