// Plain tables: a row of headings (th), then rows of cells. All rows are there at once.
qsmGridKinds.table = (root, heading) => {
  const isLabels = (row) => row.cells[0]?.tagName === "TH" && [...row.cells].every((cell) => cell.tagName === "TH")
    && [...row.cells].filter((cell) => cell.textContent.trim()).length > 1;
  const labelsOf = (table) => {
    const rows = [...table.rows].filter(isLabels);
    return rows.find((row) => [...row.cells].some((cell) => qsmEven(qsmText(cell)) === heading)) ?? rows.at(-1) ?? null;
  };
  const tables = qsmWithin(root, "table").filter((table) => labelsOf(table));
  // Headings that stay in view are a table of their own, and stand, hidden, in that of the rows.
  const filled = tables.filter((table) => [...table.rows].some((row) => row.cells[0]?.tagName === "TD"));
  return (filled.length ? filled : tables).map((table) => {
    const rows = () => [...table.rows].filter((row) => [...row.cells].some((cell) => cell.tagName === "TD") && !row.closest("tfoot"));
    const heads = () => [...(labelsOf(table)?.cells ?? [])];
    return {
      node: table,
      heads,
      lines: () => {
        const several = heads().length > 1;
        return rows().map((row) => ({ nodes: [row], note: several && row.cells.length === 1, cells: () => [...row.cells] }));
      },
      box: () => qsmScroller(table, "Y"),
      sheet: () => {
        const all = rows();
        return all.length ? { top: all[0].getBoundingClientRect().top, bottom: all.at(-1).getBoundingClientRect().bottom } : null;
      },
      keeps: true,
    };
  });
};
