"""What keeps the acceptance kit from judging a clone (exit code 60)."""

from qsm_bot.base.errors.inputs import InputInvalid
from qsm_bot.base.words import Words


class RealHost(InputInvalid):
    """The acceptance kit was pointed at the real portal."""

    says = Words(
        "{host} is the real portal: the acceptance kit is for clones only.",
        "{host} は本番です。受け入れテストはクローン専用です。",
    )
    next_step = Words(
        "Name a clone; look for --base-url and PYTEST_BASE_URL, too.",
        "クローンのURLを指定してください（--base-url と PYTEST_BASE_URL も確認）。",
    )


class CloneUrlInvalid(InputInvalid):
    """The clone's address is more, or less, than scheme, host and port."""

    says = Words(
        "The clone's address must be scheme, host and port, as in http://127.0.0.1:8808",
        "クローンのURLは http://127.0.0.1:8808 のように、スキーム・ホスト・ポートだけです",
    )
    next_step = Words(
        "Correct it: no path, no user and password; an international name as xn--….",
        "パスやユーザー名・パスワードを除き、国際化ドメイン名は xn--… の形で指定してください。",
    )


class KitMissing(InputInvalid):
    """The acceptance kit's own requirements are not installed."""

    says = Words("The acceptance kit needs {missing}.", "受け入れテストには {missing} が必要です。")
    next_step = Words(
        'Install it: pip install "qsm-bot[qa]"',
        'pip install "qsm-bot[qa]" で入れてください。',
    )


class LastRunUnreadable(InputInvalid):
    """The file to compare with is no document of an earlier run."""

    says = Words("{file}: {detail}", "{file}: {detail}")
    next_step = Words(
        "Name a file that `qsm-bot accept URL --json > FILE` wrote.",
        "`qsm-bot accept URL --json > ファイル` で保存したものを指定してください。",
    )
