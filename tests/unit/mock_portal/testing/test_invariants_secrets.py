"""The judge finds a secret in any output, however it is written (I6)."""

import pytest

from qsm_bot.mock_portal.testing.invariants import breaches
from tests.unit.mock_portal.testing.parts import (
    Books,
    found,
)


class TestNoSecretIsTold:
    SECRET = "mihon-pass-1"
    JAPANESE = "合言葉ひみつ"

    @pytest.mark.parametrize(
        ("secret", "output"),
        [
            (SECRET, "password: mihon-pass-1\n"),
            (SECRET, b"\x89PNG mihon-pass-1"),
            (SECRET, "mihon-\n  pass-1"),
            (JAPANESE, "sent 合言葉ひみつ"),
            (JAPANESE, "合言葉ひみつ".encode()),
            (JAPANESE, "合言葉ひみつ".encode("cp932")),
            (JAPANESE, r"{\"password\": \"\u5408\u8a00\u8449\u3072\u307f\u3064\"}"),
            (JAPANESE, "?p=%E5%90%88%E8%A8%80%E8%91%89%E3%81%B2%E3%81%BF%E3%81%A4"),
            ('a"b<c>d&e', r"a\"b<c>d&e"),
            ('a"b<c>d&e', "a&quot;b&lt;c&gt;d&amp;e"),
            ('合"言', r"合\"言"),
            ("two words", "p=two+words"),
            ("two words", "two words"),
            (SECRET, "bWlob24tcGFzcy0x"),
            (SECRET, "Authorization: Basic bWlob25fc2hvcDptaWhvbi1wYXNzLTE="),
            (SECRET, "eDptaWhvbi1wYXNzLTE6eQ=="),
            (SECRET, "eHk6bWlob24tcGFzcy0xOnk="),
            (SECRET, "eDptaWhv\nbi1wYXNz\nLTE6eQ=="),
            ("ÿþýüûúùø", "w7_DvsO9w7zDu8O6w7nDuA=="),
        ],
    )
    def test_a_secret_stands_in_an_output(
        self, books: Books, secret: str, output: str | bytes
    ) -> None:
        history = books.history(outputs={"log": "fine", "report": output}, secrets=["-x-", secret])
        assert found(history) == [("I6", None, "secret no. 2 stands in report")]

    def test_the_finding_does_not_tell_it_again(self, books: Books) -> None:
        history = books.history(outputs={"log": self.SECRET}, secrets=[self.SECRET])
        assert self.SECRET not in str(breaches(history))

    def test_every_output_and_every_secret_is_told(self, books: Books) -> None:
        outputs = {"log": "one two", "json": "two", "report": "three"}
        history = books.history(outputs=outputs, secrets=["one", "two"])
        assert [each[2] for each in found(history)] == [
            "secret no. 1 stands in log",
            "secret no. 2 stands in log",
            "secret no. 2 stands in json",
        ]

    @pytest.mark.parametrize("secret", ["", "   ", "😀😀", "\ud83d"])
    def test_what_is_no_secret_is_found_nowhere(self, books: Books, secret: str) -> None:
        outputs = {"log": "a  b", "report": b"\xff\xd8", "odd": "\ud83c"}
        assert found(books.history(outputs=outputs, secrets=[secret])) == []

    def test_another_text_in_base64_is_none(self, books: Books) -> None:
        outputs = {"log": "bWlob24tcGFzcy0y", "picture": bytes(range(256)) * 40}
        assert found(books.history(outputs=outputs, secrets=[self.SECRET])) == []

    def test_a_few_characters_of_base64_are_chance(self, books: Books) -> None:
        assert found(books.history(outputs={"log": "azkaban"}, secrets=["k9"])) == []
