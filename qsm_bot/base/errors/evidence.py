"""A source of evidence cannot be used: orders that need it go to a person."""

from qsm_bot.base.errors.inputs import InputInvalid
from qsm_bot.base.words import Words


class EvidenceInvalid(InputInvalid):
    """A source of evidence cannot be used as it is."""

    says = Words("{place}: {detail}", "{place}: {detail}")
    means = Words(
        "Orders that need this evidence go to a person; nothing was sent to the portal.",
        "このデータを必要とする注文は確認が必要になります。ポータルには何も送信していません。",
    )
    next_step = Words(
        "Correct the file, then `qsm-bot evidence check`.",
        "ファイルを直し、`qsm-bot evidence check` で確認してください。",
    )


class EvidenceMissing(EvidenceInvalid):
    """The file or folder is not there, or cannot be opened."""

    next_step = Words(
        "Put the file there, or correct the path in [[evidence]].",
        "ファイルを置くか、[[evidence]] の path を直してください。",
    )


class EvidenceStale(EvidenceInvalid):
    """The newest file is older than the settings allow."""

    says = Words(
        "{place}: {age} old; at most {limit:g} hours are allowed.",
        "{place}: {age}前のファイルです（上限 {limit:g} 時間）。",
    )
    next_step = Words(
        "Export the file anew, or raise max_age_hours in [[evidence]].",
        "ファイルを書き出し直すか、[[evidence]] の max_age_hours を見直してください。",
    )


class EvidenceUnfinished(EvidenceInvalid):
    """The file is being written, or ends in the middle."""

    next_step = Words(
        "Wait until it is written, then try again; if it stays so, export it anew.",
        "書き込みの完了後に再実行してください。直らなければ書き出し直してください。",
    )


class EncodingUnknown(EvidenceInvalid):
    """The text is in no encoding that can be read without guessing."""

    next_step = Words(
        "In Excel: Save As, “CSV UTF-8 (Comma delimited)”.",
        "Excel の「名前を付けて保存」で「CSV UTF-8（コンマ区切り）」を選んでください。",
    )


class SheetUnclear(EvidenceInvalid):
    """It is not certain which sheet is meant."""

    next_step = Words(
        "Name the sheet in [[evidence]]: sheet = “…”.",
        '[[evidence]] にシート名を書いてください: sheet = "…"',
    )


class HeadingMissing(EvidenceInvalid):
    """A column cannot be found by its heading, or not for certain."""

    says = Words("{place}: {key}: {detail}", "{place}: {key}: {detail}")
    next_step = Words(
        'Name the heading in [[evidence]]: columns = {{ {key} = "…" }}. In a file without '
        "headings, name columns by number.",
        '[[evidence]] に見出しを書いてください: columns = {{ {key} = "…" }}'
        "（見出しのないファイルは、列を番号で指定します）",
    )


class ExtraColumnMissing(EvidenceInvalid):
    """A heading that the settings ask for beside the known ones is not there, or twice."""

    says = Words("{place}: extra_columns: {detail}", "{place}: extra_columns: {detail}")
    next_step = Words(
        "Correct the heading in extra_columns of [[evidence]], or take it out.",
        "[[evidence]] の extra_columns の見出しを直すか、外してください。",
    )


class OrderNumberDamaged(EvidenceInvalid):
    """A cell that must name an order does not: Excel has shortened it, or it is something else."""

    next_step = Words(
        "Rows of other malls can be left out by only in [[evidence]]. If Excel has shortened the "
        "number, import the original file by Data > From Text/CSV with this column as Text; "
        "lost digits cannot be restored by formatting.",
        "他モールの行は [[evidence]] の only で除けます。Excel で桁が失われた場合は、"
        "元のCSVを Excel の「データ」→「テキストまたはCSVから」で開き、この列を「文字列」に"
        "してください。表示形式の変更では、失われた桁は戻りません。",
    )
