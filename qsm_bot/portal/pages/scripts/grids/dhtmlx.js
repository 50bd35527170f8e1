// dhtmlxGrid: `.xhdr` and `.objbox`, each with a table whose first row only sets widths; labels
// in the header's second row; rows that are not in view may not exist, and high rows stand for
// them. With frozen columns there are two of both, side by side.
qsmGridKinds.dhtmlx = (root) => {
  const [heads, bodies] = [".xhdr", ".objbox"].map((each) => [...root.querySelectorAll(each)]);
  if (!heads.length && !bodies.length) return [];
  const beside = (body) => heads.filter((head) => head.parentElement === body.parentElement);
  const halves = bodies.length === 2 && heads.length === 2 && bodies.every((body) => beside(body).length === 1)
    && bodies[0].parentElement.parentElement === bodies[1].parentElement.parentElement;
  if (!halves && (bodies.length !== 1 || heads.length !== 1)) throw qsmOdd("parts", `${bodies.length} bodies, ${heads.length} heads`);

  const isGap = (row) => row.idd === "__filler__" || (row.idd === undefined && !row.textContent.trim());
  // "No rows to show" stands in one cell across the table.
  const isNote = (row) => row.idd === undefined && row.cells.length === 1;
  const part = (head, body) => {
    const labels = () => [...(head.querySelector("table")?.rows[1]?.cells ?? [])];
    const isShown = (cell) => !halves || (qsmDrawn(cell) && cell.offsetWidth > 0);
    const rows = () => [...(body.querySelector("table")?.rows ?? [])].filter((row) => row.cells[0]?.tagName === "TD");
    // A half may keep the columns of the other, hidden.
    const shown = (cells) => {
      const all = labels();
      return cells.length === all.length ? cells.filter((_, index) => isShown(all[index])) : cells;
    };
    return {
      body,
      heads: () => labels().filter(isShown),
      gaps: () => rows().filter(isGap),
      lines: () => rows().filter((row) => !isGap(row)).map((row) => ({
        nodes: [row], key: row.idd, note: isNote(row), cells: () => shown([...row.cells]),
      })),
    };
  };
  const parts = bodies.map((body) => part(halves ? beside(body)[0] : heads[0], body));
  const box = bodies.at(-1);
  const lines = () => {
    if (!halves) return parts[0].lines();
    const drawn = parts.map((each) => each.lines().filter((line) => !line.note));
    const keyed = drawn.flat().every(({ key }) => key !== undefined);
    return qsmJoined(drawn, (line, index) => (keyed ? line.key : index)).map(inStep);
  };
  const inStep = (pair) => {
    const [left, right] = pair;
    const [one, other] = pair.map(({ nodes }) => nodes[0].getBoundingClientRect());
    const [from, to] = bodies.map((body) => body.getBoundingClientRect());
    // A saved page has no style sheet: there the halves stand one below the other.
    const areBeside = from.top < to.bottom && to.top < from.bottom;
    if (pair.length !== 2 || (areBeside && Math.abs(one.top - other.top) > one.height / 2)) throw qsmOdd("halves");
    return { nodes: pair.flatMap(({ nodes }) => nodes), key: left.key, cells: () => [...left.cells(), ...right.cells()] };
  };
  const sheet = () => box.querySelector("table");
  return [{
    node: halves ? bodies[0].parentElement.parentElement : qsmAround(heads[0], bodies[0]),
    heads: () => parts.flatMap((each) => each.heads()),
    lines,
    box: () => box,
    sheet: () => sheet()?.getBoundingClientRect() ?? null,
    gaps: () => parts.flatMap((each) => each.gaps()),
    tall: !halves,
  }];
};

const qsmAround = (one, other) => {
  let around = one.parentElement;
  while (!around.contains(other)) around = around.parentElement;
  return around;
};
