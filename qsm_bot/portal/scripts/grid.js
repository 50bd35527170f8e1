// Works on the claim grid, whichever it is: see grids/protocol.js.
// order.act: "read"   all rows of all pages, once the grid is calm and the list before has gone
//            (order.few: the first row is enough to know that it has been drawn)
//            "reveal" bring the row with order.value under the heading order.heading into view,
//            on whichever page it is, and say where the mouse hits that cell
async (order, finder) => {
  const reading = new QsmReading(finder, order.limit);

  if (order.act === "read") {
    // A search for one order is complete with its first row; a list may still be growing.
    const enough = order.few && (() => reading.data.length);
    if (!(await reading.calm({ enough }))) return { restless: true };
    await reading.pages(() => reading.down(() => reading.across(() => reading.keep())));
    if (reading.page) await reading.turnBack();
    return reading.kept;
  }

  const even = (element) => qsmEven(qsmText(element));
  const column = () => reading.reader.heads().findIndex((head) => head && even(head) === order.heading);
  const matches = () => {
    const at = column();
    return reading.data.filter((line) => {
      const cell = line.cells()[at];
      return cell && even(cell) === order.value;
    });
  };
  if (!(await reading.calm({ enough: () => matches().length }))) return { restless: true };

  const centre = async (top) => {
    const box = reading.box;
    if (box) await reading.scroll(box, "scrollTop", Math.max(0, top - box.clientHeight / 2));
  };
  const toColumn = async () => {
    const side = reading.reader.side?.();
    // Headings may be drawn only in view, too.
    if (side && column() < 0) await reading.across(() => column() >= 0);
    const head = reading.reader.heads()[column()];
    if (!side || !head) return;
    const from = reading.place(head).left - reading.place(side).left + side.scrollLeft;
    await reading.scroll(side, "scrollLeft", Math.max(0, from - side.clientWidth / 2));
  };
  const isHere = async () => {
    await toColumn();
    if (!matches().length && order.top !== null) await centre(order.top);
    if (matches().length) return true;
    let found = null;
    await reading.down(() => {
      const [line] = matches();
      if (line) found = reading.top(line);
      return line;
    });
    if (found !== null) await centre(found);
    return found !== null;
  };
  if (!(await isHere())) await reading.pages(isHere);

  const rows = matches().map(({ nodes }) => nodes[0]);
  await reading.across(() => reading.keep(reading.data.filter(({ nodes }) => rows.includes(nodes[0]))));

  // Where the mouse finds the cell, if it lies uppermost there; rather not on what acts by itself.
  const hit = (cell) => {
    const { left, top, width, height } = reading.place(cell);
    const places = [0.5, 0.15, 0.85].map((part) => [left + width * part, top + height / 2]);
    const over = (place) => document.elementFromPoint(...place);
    const acts = (element) => element.closest("a, button, input, select, textarea, label, [role=button], [role=link]");
    return places.find((place) => over(place) === cell)
      ?? places.find((place) => cell.contains(over(place)) && !cell.contains(acts(over(place))))
      ?? places.find((place) => cell.contains(over(place))) ?? null;
  };
  const cellOf = () => {
    const [line] = matches();
    return line ? reading.reader.aim?.(line, column()) ?? line.cells()[column()] : null;
  };
  const point = async () => {
    for (const block of ["nearest", "center"]) {
      const cell = cellOf();
      const before = cell && reading.place(cell);
      cell?.scrollIntoView({ block, inline: "nearest" });
      // What was scrolled may be drawn anew, and its other half follows.
      if (cell && reading.place(cell).top !== before.top) {
        await qsmFrame();
        await reading.until(() => cellOf() && reading.isCovered());
      }
      const found = cellOf() && hit(cellOf());
      if (found) return found;
    }
    for (const old of document.querySelectorAll("[data-qsm-bot-cell]")) old.removeAttribute("data-qsm-bot-cell");
    cellOf()?.setAttribute("data-qsm-bot-cell", "");
    return null;
  };
  return { ...reading.kept, whole: true, point: rows.length === 1 ? await point() : null };
}
