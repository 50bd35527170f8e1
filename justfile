# What people type who work on qsm-bot; `just --list` shows it. Without just, type the lines below.

# All tests but those of the night
test *args:
    uv run pytest {{args}}

# The tests without browser and database
quick *args:
    uv run pytest tests/unit -q {{args}}

# Format, lint, types, import rules
lint:
    test ! -e selectors/__init__.py
    uv run ruff format --check .
    uv run ruff check .
    uv run mypy
    uv run lint-imports

# What the documents say: links, commands, settings, recipes, tables, spelling
docs:
    uv run pytest tests/unit tests/faults/test_matrix.py -q -k "document or life_of_a_refusal or matrix"
    uv run codespell

# The whole job once, on the mock portal
demo *args:
    uv run qsm-bot demo {{args}}

# The benchmarks; the peers take their turns, so this takes a while
bench *args:
    uv run --group bench python benchmarks/run.py {{args}}

# Everything: each defect alone, long histories, the real grids at all sizes.
night *args:
    uv run pytest --night {{args}}

# Pages put together by a seed, for as many minutes; a failing seed is printed, made as plain as it fails.
fuzz minutes="30" *args:
    uv run python -m tests.foreign.fuzz {{minutes}} {{args}}

# Histories put together by a seed, without a browser, for as many minutes.
histories minutes="30" *args:
    uv run python -m tests.faults.fuzz {{minutes}} {{args}}

# Deliberate faults: does a test find each?
mutations *areas:
    uv run python benchmarks/mutations.py {{areas}}

# CPU seconds, processes, browsers and waiting of each test file, as a table.
costs file="costs.md":
    uv run pytest -p tests.costs --costs {{file}}
