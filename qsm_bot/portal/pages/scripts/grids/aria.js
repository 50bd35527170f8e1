// Grids that say what they are: role grid, treegrid or table, with rows, cells and column
// headings. Rows that stand in several places carry one aria-rowindex, and columns that are
// drawn only in view their aria-colindex.
qsmGridKinds.aria = (root, heading) => {
  const GRIDS = "[role=grid], [role=treegrid], [role=table]";
  const CELLS = "[role=gridcell], [role=cell], [role=rowheader]";
  const grids = qsmWithin(root, GRIDS).filter((grid) => !grid.parentElement?.closest(GRIDS) && grid.querySelector("[role=columnheader]"));
  return grids.map((node) => {
    const own = (selector) => {
      const found = [...node.querySelectorAll(selector)];
      return node.querySelector(GRIDS) ? found.filter((each) => each.closest(GRIDS) === node) : found;
    };
    const rowOf = (cell) => cell.closest("[role=row]") ?? node;
    const index = (element, name) => Number(element.getAttribute(name)) || null;
    const areCounted = (cells) => cells.length > 0 && cells.every((cell) => index(cell, "aria-colindex"));
    // By their own count where all have one, else as they stand.
    const inPlace = (cells) => {
      if (!areCounted(cells)) return cells;
      const found = [];
      for (const cell of cells) found[index(cell, "aria-colindex") - 1] = cell;
      return found;
    };
    const isCounted = () => areCounted(own("[role=columnheader]"));
    const heads = () => {
      const rows = qsmJoined([own("[role=columnheader]")], (head) => index(rowOf(head), "aria-rowindex") ?? rowOf(head));
      const named = rows.filter((row) => row.some((head) => qsmEven(qsmText(head)) === heading));
      const longest = [...rows].sort((one, other) => other.length - one.length).slice(0, 1);
      return inPlace((named.length ? named : longest).flat());
    };
    const lines = () => {
      const rows = own("[role=row]").filter((row) => qsmDrawn(row) && row.querySelector(CELLS));
      const keyed = rows.every((row) => index(row, "aria-rowindex"));
      const several = heads().length > 1;
      return qsmJoined([rows], (row) => (keyed ? index(row, "aria-rowindex") : row)).map((nodes) => {
        const cells = () => nodes.flatMap((row) => [...row.querySelectorAll(CELLS)].filter((cell) => rowOf(cell) === row));
        return {
          nodes, key: keyed ? String(index(nodes[0], "aria-rowindex")) : undefined,
          placed: areCounted(cells()), note: several && cells().length === 1, cells: () => inPlace(cells()),
        };
      });
    };
    const first = () => own(CELLS)[0] ?? null;
    const box = () => qsmScroller(first(), "Y");
    const sheet = () => {
      const moving = box();
      if (!moving) return null;
      if (!node.contains(moving)) return node.getBoundingClientRect();
      const top = moving.getBoundingClientRect().top - moving.scrollTop;
      return { top, bottom: top + moving.scrollHeight };
    };
    return {
      node, heads, lines, box, sheet,
      side: () => (isCounted() ? qsmScroller(first(), "X") : null),
      columns: () => (isCounted() ? index(node, "aria-colcount") : null),
      busy: () => node.getAttribute("aria-busy") === "true",
      keeps: true,
    };
  });
};
