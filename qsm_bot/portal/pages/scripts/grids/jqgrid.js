// jqGrid: `table.ui-jqgrid-btable` with rows `tr.jqgrow`, its labels in a table of their own.
// Frozen columns are copies that lie over the table: what is read is below, what is hit is above.
qsmGridKinds.jqgrid = (root) =>
  qsmWithin(root, "table.ui-jqgrid-btable").filter((table) => !table.closest(".frozen-bdiv")).map((table) => {
    const node = table.closest(".ui-jqgrid") ?? table.closest(".ui-jqgrid-view") ?? table;
    const rows = () => [...table.rows].filter((row) => row.matches(".jqgrow, .jqgroup"));
    const scroller = table.closest(".ui-jqgrid-bdiv");
    const control = (name) => [...node.querySelectorAll(`.ui-pg-button[id^=${name}_]`)].find(qsmSeen) ?? null;
    const frozen = (row) => [...node.querySelectorAll(".frozen-bdiv tr.jqgrow")].find(({ id }) => id === row.id);
    return {
      node,
      heads: () => [...(node.querySelector(".ui-jqgrid-hdiv:not(.frozen-div) tr.ui-jqgrid-labels")?.cells ?? [])],
      lines: () => rows().map((row) => ({
        nodes: [row], key: row.id || undefined, note: !row.matches(".jqgrow"), cells: () => [...row.cells],
      })),
      box: () => scroller && qsmScroller(scroller, "Y"),
      sheet: () => (scroller?.firstElementChild ?? table).getBoundingClientRect(),
      aim: (line, at) => frozen(line.nodes[0])?.cells[at] ?? line.cells()[at],
      busy: () => [...node.querySelectorAll(".loading")].some(qsmSeen),
      pager: () => ({ first: control("first"), next: control("next") }),
    };
  });
