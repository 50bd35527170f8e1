"""The figures of a load."""

from qsm_bot.acceptance.report.load_result import LoadFigures


def test_percentiles_are_the_nearest_rank() -> None:
    figures = LoadFigures.of("x", [float(number) for number in range(200, 0, -1)])
    assert figures == LoadFigures("x", 200, 100, 180, 190, 198, 200)
    assert LoadFigures.of("x", [3.0]) == LoadFigures("x", 1, 3, 3, 3, 3, 3)
