"""Our scripts in the portal's pages, as one text."""

from functools import cache
from pathlib import Path

_SCRIPTS = Path(__file__).parent / "scripts"


@cache
def page_scripts() -> str:
    """Return our page scripts as one: it puts `qsmBot([[name, order, at], …], grid)` there.

    A context runs it in each new page, so that a question costs a call and not its text.
    """
    bodies = ",\n".join(
        f"{path.stem}: {path.read_text(encoding='utf-8')}"
        for path in sorted(_SCRIPTS.glob("*.js"))
        if path.stem not in ("find", "sight")
    )
    return (
        f"(() => {{ {library()}\n const scripts = {{ {bodies} }};\n"
        "const one = async ([name, order, at], grid) => { const finder = qsmFinder(at, grid);\n"
        "try { const answer = await scripts[name](order, finder);\n"
        "return { answer, used: finder.used }; }\n"
        "catch (problem) { if (problem.missing || problem.odd) return problem;\n"
        "throw problem; } };\n"
        "window.qsmBot = async (questions, grid) => { const said = [];\n"
        "for (const question of questions) said.push(await one(question, grid));\n"
        "return said; }; })()"
    )


@cache
def library() -> str:
    """Return what our page scripts share: how elements are found, and how grids are read."""
    grids = sorted(
        (_SCRIPTS / "grids").glob("*.js"), key=lambda path: (path.stem != "protocol", path.stem)
    )
    files = [_SCRIPTS / "find.js", *grids]
    return "\n".join([sight(), *(path.read_text(encoding="utf-8") for path in files)])


@cache
def sight() -> str:
    """Return how our scripts, and the check at the event, tell what people see: `qsmSight`."""
    return (_SCRIPTS / "sight.js").read_text(encoding="utf-8")
