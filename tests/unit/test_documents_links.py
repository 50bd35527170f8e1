"""Every relative link of a document leads to a file, and to a heading in it."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).parents[2]
NOT_OURS = {"fixtures", "dist", "build", "htmlcov", "node_modules"}
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]\n]*(?:\n[^\]\n]*)?\]\(<?([^()\s>]+)>?\)")


def documents() -> Iterator[Path]:
    """Yield the documents of the project, but for those that are a portal's pages."""
    yield from sorted(ROOT.glob("*.md"))
    for folder in sorted(ROOT.iterdir()):
        if folder.is_dir() and folder.name not in NOT_OURS and not folder.name.startswith("."):
            yield from sorted(folder.rglob("*.md"))


DOCUMENTS = list(documents())


def text_of(file: Path) -> str:
    """Return the document without its blocks of code."""
    return FENCE.sub("", file.read_text("utf-8"))


def anchors(text: str) -> set[str]:
    """Return the anchors of the headings, as GitHub makes them."""
    times: Counter[str] = Counter()
    found = set()
    for heading in re.findall(r"^#{1,6} +(.*?) *#*$", text, re.MULTILINE):
        shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", shown.lower()).replace(" ", "-")
        found.add(f"{slug}-{times[slug]}" if times[slug] else slug)
        times[slug] += 1
    return found


def broken(file: Path) -> list[str]:
    """Return the relative links of a document that lead nowhere."""
    found = []
    for link in LINK.findall(re.sub(r"`[^`\n]*`", "", text_of(file))):
        if re.match(r"[a-z][a-z+.-]*:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (file.parent / unquote(path)).resolve() if path else file
        wrong = not target.exists() or path.startswith("/")
        if not wrong and anchor and target.suffix == ".md":
            wrong = unquote(anchor) not in anchors(text_of(target))
        if wrong:
            found.append(link)
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    assert broken(document) == []


def test_every_page_is_reached_from_the_readme() -> None:
    seen, left = set(), [ROOT / "README.md"]
    while left:
        file = left.pop()
        if file in seen:
            continue
        seen.add(file)
        links = (link.partition("#")[0] for link in LINK.findall(text_of(file)))
        paths = ((file.parent / link).resolve() for link in links if ":" not in link)
        left += [path for path in paths if path.suffix == ".md" and path.is_file()]

    assert set(DOCUMENTS) - seen == set()


def test_a_page_in_japanese_stands_beside_the_english_one_and_both_link_each_other() -> None:
    pages = [file for file in DOCUMENTS if file.name.endswith(".ja.md")]
    assert pages
    for japanese in pages:
        english = japanese.with_name(japanese.name.replace(".ja.md", ".md"))
        begins = [file.read_text("utf-8").splitlines()[:5] for file in (english, japanese)]

        assert any(f"]({japanese.name})" in line for line in begins[0]), english
        assert any(f"]({english.name})" in line for line in begins[1]), japanese


@pytest.mark.parametrize("name", ["README.md", "README.ja.md"])
def test_the_readme_is_no_manual(name: str) -> None:
    assert len((ROOT / name).read_text("utf-8").splitlines()) <= 150


def test_the_look_for_links_finds_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# One\n\n## It's `two`, 二（つ）\n\n## One\n")
    page = tmp_path / "page.md"
    page.write_text(
        "[a](other.md) [b](other.md#one-1) [c](other.md#its-two-二つ) [d](#here) [e](https://x.y/z)\n"
        "[f](gone.md) [g](other.md#three) [h](#there) [i](/other.md) ![j](no.png) [over two\n"
        "lines](gone.md#x) `[k](in code)`\n```\n[l](gone.md)\n```\n# Here\n"
    )

    assert broken(page) == [
        "gone.md",
        "other.md#three",
        "#there",
        "/other.md",
        "no.png",
        "gone.md#x",
    ]
