"""The grids in which the mock portal can show its list: see `grids.js`."""

from typing import Literal, get_args

GridName = Literal["dhtmlx", "split", "smart", "paged", "table", "aria"]
GRIDS: tuple[GridName, ...] = get_args(GridName)
