"""What the system says of a file, in both languages: its own sentence is in one of them, or cut."""

from qsm_bot.base.words import Words

_SAID: tuple[tuple[type[OSError], Words], ...] = (
    (FileNotFoundError, Words("No such file or directory", "ファイルまたはフォルダーがありません")),
    (FileExistsError, Words("File exists", "同じ名前のファイルがあります")),
    (IsADirectoryError, Words("Is a directory", "ファイルではなくフォルダーです")),
    (NotADirectoryError, Words("Not a directory", "フォルダーではありません")),
    (
        PermissionError,
        Words("Permission denied", "権限がないか、他のプログラム（Excel など）が使用中です"),
    ),
)
_BY_NUMBER = {
    6: Words("Nobody reads this pipe", "このパイプを読み取るプログラムがありません"),
    9: Words("Not open for writing", "書き込み用に開かれていません"),
    28: Words("No space left on device", "空き容量がありません"),
    30: Words("Read-only file system", "読み取り専用の場所です"),
    36: Words("File name too long", "ファイル名が長すぎます"),
}


def os_words(error: OSError) -> Words:
    """Return what went wrong with a file."""
    for kind, words in _SAID:
        if isinstance(error, kind):
            return words
    said = error.strerror or repr(error)
    return _BY_NUMBER.get(error.errno or 0, Words(said, f"システムのエラー（{said}）"))
