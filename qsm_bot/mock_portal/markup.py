"""The same portal in other markup: what is visible stays, all that is written for machines changes.

Ids, classes and names of form fields are turned by ROT13, which undoes itself; tables become
sections of spans, buttons become links and inputs. Only the grid keeps its make. Templates and
scripts stay as they are: they are rewritten as they leave, by the few forms that they use.
"""

import codecs
import re

_TAGS = {
    "table": "section",
    "caption": "h6",
    "thead": "header",
    "tbody": "article",
    "tr": "div",
    "th": "strong",
    "td": "span",
}
_TAG = "|".join(_TAGS)
_NAME = re.compile(r'(?<=\s)(id|class|name|for)="([^"]*)"')
_TABLE_TAG = re.compile(rf"(?<=<)(/?)({_TAG})(?=[\s>])")
_BUTTON = re.compile(r'<button(?: type="button")?([^>]*)>([^<]*)</button>')
_TAB = re.compile(r'(<li id="tab_[^>]*>)<a href="#">([^<]*)</a>')
_ACTING = ('"btn big', '"g-recaptcha"')

_RULE_HEAD = re.compile(r"[^{}]+(?=\{)")
_NAME_IN_SELECTOR = re.compile(r"(?<=[.#])[A-Za-z_][\w-]*")
_TAG_IN_SELECTOR = re.compile(rf"(?<![\w.#-])({_TAG})(?![\w-])")
_LAID_OUT = """
section { display: table } section > article { display: table-row-group }
article > div { display: table-row } article > div > strong { display: table-cell }
article > div > span { display: table-cell }
"""

_NAME_IN_SCRIPT = re.compile(
    r'((?:byId|getElementById|classList\.\w+)\("|className = ")([^"]*)(?=")'
)
_SELECTOR_IN_SCRIPT = re.compile(r'((?:querySelector|querySelectorAll|closest)\(")([^"]*)(?=")')
_TAG_IN_SCRIPT = re.compile(rf'(?<=createElement\(")({_TAG})(?=")')
_KEPT = ("grid.js", "grids.js", "grid.css", "postback.js")


def turned(name: str) -> str:
    """Return the other name of an id, class or field; of the other name, the first one."""
    return codecs.encode(name, "rot_13")


def page(html: str) -> str:
    """Return a rendered page in the other markup."""
    html = _TAB.sub(r'\1<button type="button">\2</button>', html)
    html = _BUTTON.sub(_other_button, html)
    html = _TABLE_TAG.sub(lambda tag: tag[1] + _TAGS[tag[2]], html)
    return _NAME.sub(lambda found: f'{found[1]}="{turned(found[2])}"', html)


def file(name: str, content: bytes) -> bytes:
    """Return a style sheet or script that fits pages in the other markup."""
    if name in _KEPT or not name.endswith((".css", ".js")):
        return content
    text = content.decode("utf-8")
    return (_sheet(text) if name.endswith(".css") else _script(text)).encode("utf-8")


def _other_button(button: re.Match[str]) -> str:
    attributes, label = button.groups()
    # The tabs stay the only buttons that are called so.
    if any(sign in attributes for sign in _ACTING):
        return f'<input type="button"{attributes} value="{label}">'
    return f'<a href="#"{attributes}>{label}</a>' if attributes else button[0]


def _sheet(text: str) -> str:
    def other(head: re.Match[str]) -> str:
        named = _NAME_IN_SELECTOR.sub(lambda name: turned(name[0]), head[0])
        return _TAG_IN_SELECTOR.sub(lambda tag: _TAGS[tag[0]], named)

    return _RULE_HEAD.sub(other, text) + _LAID_OUT


def _script(text: str) -> str:
    text = _NAME_IN_SCRIPT.sub(lambda found: found[1] + turned(found[2]), text)
    text = _SELECTOR_IN_SCRIPT.sub(
        lambda found: found[1] + _NAME_IN_SELECTOR.sub(lambda name: turned(name[0]), found[2]),
        text,
    )
    return _TAG_IN_SCRIPT.sub(lambda tag: _TAGS[tag[0]], text)
