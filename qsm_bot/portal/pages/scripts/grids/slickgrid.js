// SlickGrid: `.slick-viewport` with rows laid at their heights; only rows and columns in view are
// drawn. With frozen columns each row stands in two canvases. A new list may keep old rows.
qsmGridKinds.slickgrid = (root) => {
  const holders = qsmWithin(root, ".slick-viewport").map((view) => view.closest("[class*=slickgrid_]") ?? root);
  return [...new Set(holders)].map((node) => {
    const views = () => [...node.querySelectorAll(".slick-viewport")].filter(qsmDrawn);
    const moving = (axis) => views().map((view) => (qsmScroller(view, axis) === view ? view : null)).filter(Boolean).at(-1) ?? null;
    const heads = () => [...node.querySelectorAll(".slick-header .slick-header-column")]
      .filter((head) => qsmDrawn(head) && !head.closest(".slick-preheader-panel"));
    const height = (row) => row.style.top || row.style.transform;
    const lines = () => {
      const rows = views().flatMap((view) => [...view.querySelectorAll(".slick-row")]);
      if (views().some((view) => view.matches(".slick-viewport-bottom") && view.querySelector(".slick-row"))) throw qsmOdd("frozen");
      const at = new Map(heads().map((head, index) => [head.id, index]));
      const place = (cell) => at.get(cell.getAttribute("aria-describedby")) ?? Number(cell.className.match(/(?:^| )l(\d+)(?: |$)/)?.[1]);
      const cells = (nodes) => {
        const found = [];
        for (const cell of nodes.flatMap((row) => [...row.querySelectorAll(":scope > .slick-cell")])) found[place(cell)] = cell;
        return found;
      };
      return qsmJoined([rows], height).map((nodes) => ({
        nodes, placed: true, key: height(nodes[0]), at: parseFloat(height(nodes[0]).replace(/^\D+/, "")), note: nodes.some((row) => row.matches(".slick-group, .slick-group-totals")), cells: () => cells(nodes),
      }));
    };
    const canvases = () => [...node.querySelectorAll(".grid-canvas")];
    const control = (names) => qsmSlickPager(node)?.querySelector(names) ?? null;
    return {
      node,
      heads,
      lines,
      box: () => moving("Y"),
      side: () => moving("X"),
      sheet: () => views().at(-1)?.querySelector(".grid-canvas")?.getBoundingClientRect() ?? null,
      spread: canvases,
      pager: () => ({
        first: control(".sgi-chevron-start, .ui-icon-seek-first"),
        next: control(".sgi-chevron-right, .ui-icon-seek-next"),
      }),
      keeps: true,
    };
  });
};

// The pager that stands nearest, going up; further up it would be that of another grid.
const qsmSlickPager = (node) => {
  for (let around = node; around; around = around.parentElement) {
    const hits = around.querySelectorAll(".slick-pager");
    if (hits.length > 1) throw qsmOdd("several", "pager");
    if (hits.length) return hits[0];
    if ([...around.querySelectorAll(".slick-viewport")].some((view) => !node.contains(view))) return null;
  }
  return null;
};
