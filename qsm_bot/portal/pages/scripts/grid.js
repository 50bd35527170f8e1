// Works on the claim grid, whichever it is: see grids/protocol.js.
// order.act: "read"   all rows of this page, once the grid is calm and the list before has gone
//            (order.few: the first row is enough to know that it has been drawn)
//            "reveal" bring the row with order.value under the heading order.heading into view,
//            and say where the mouse hits that cell
//            "turn"   click the control that leads to the page order.to: "next" or "first"
//            "pager"  only say where the pages lead
// order.turned: a page was turned before. Each answer says which pages can be turned to.
async (order, finder) => {
  const reading = new QsmReading(finder, order.limit);
  const { turned } = order;
  const pager = () => ({ next: qsmUsable(reading.control("next")), first: qsmUsable(reading.control("first")) });

  if (order.act === "turn") {
    reading.look(true);
    const control = reading.control(order.to);
    qsmMarkOld(reading.root, reading.reader);
    control.click();
    return null;
  }
  if (order.act === "read" || order.act === "pager") {
    // A search for one order is complete with its first row; a list may still be growing.
    const enough = order.few && (() => reading.data.length);
    if (!(await reading.calm({ enough, turned }))) return turned ? { stuck: true } : { restless: true };
    if (order.act === "pager") return { pager: pager() };
    await reading.down(() => reading.across(() => reading.keep()));
    return { ...reading.kept, pager: pager() };
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
  if (!(await reading.calm({ enough: () => matches().length, turned }))) return turned ? { stuck: true } : { restless: true };

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
  await isHere();

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
  return { ...reading.kept, whole: true, pager: pager(), point: rows.length === 1 ? await point() : null };
}
