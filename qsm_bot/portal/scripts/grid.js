// Works on one dhtmlxGrid: `.xhdr` and `.objbox`, each with a table whose first row only
// sets widths; labels in the header's second row; rows that are not in view may not exist.
// order.act: "read"   all rows, once the grid is calm and rows marked as old have gone
//            (order.few: the first row is enough to know that it has been drawn)
//            "reveal" scroll the row with order.value under the heading order.heading into view
async (order, { find, need }) => {
  const root = need("grid");
  const boxes = root.querySelectorAll(".objbox");
  const heads = root.querySelectorAll(".xhdr");
  if (boxes.length !== 1 || heads.length !== 1) return { odd: `${boxes.length} bodies, ${heads.length} heads` };
  const box = boxes[0];
  const text = qsmText;
  const frame = qsmFrame;
  const deadline = performance.now() + order.limit;

  const headings = () => {
    const rows = heads[0].querySelector("table").rows;
    return rows.length > 1 ? [...rows[1].cells].map(text) : [];
  };
  const allRows = () => {
    const table = box.querySelector("table");
    return table ? [...table.rows].filter((row) => row.cells.length && row.cells[0].tagName === "TD") : [];
  };
  const isFiller = (row) => row.idd === undefined && row.textContent.trim() === "";
  const dataRows = () => allRows().filter((row) => !isFiller(row) && !isNote(row));
  // "No rows to show" stands in one cell across the table.
  const isNote = (row) => row.idd === undefined && row.cells.length === 1;

  const busy = () => find("loading").some(qsmSeen);
  const look = () => {
    const rows = allRows();
    return `${rows.length} ${box.scrollHeight} ${rows.length ? text(rows[0]) + text(rows[rows.length - 1]) : ""}`;
  };
  // An empty list drawn over an empty one may leave no trace, so that is not waited for long.
  const grace = performance.now() + Math.min(order.limit, 2000);
  const drawnAnew = () => root.qsmBotDrawn !== false || performance.now() > grace;
  const fresh = () => !busy() && drawnAnew() && !allRows().some((row) => row.qsmBotStale);
  // Calm: two looks a frame apart see the same, or what is waited for is there.
  const calm = async (enough) => {
    let last = null;
    while (performance.now() < deadline) {
      if (!fresh()) {
        last = null;
        await qsmTick();
        continue;
      }
      const now = look();
      if (now === last || (enough && enough())) return true;
      last = now;
      await frame();
    }
    return false;
  };
  const covered = () => {
    const view = box.getBoundingClientRect();
    return !allRows().some((row) => {
      if (!isFiller(row)) return false;
      const place = row.getBoundingClientRect();
      return place.bottom > view.top + 1 && place.top < view.bottom - 1;
    });
  };
  const drawn = async () => {
    do { await frame(); } while (!covered() && performance.now() < deadline);
    return covered();
  };
  // Without gaps, and with rows down to the bottom, there is nothing to scroll for.
  const allThere = () => {
    const rows = allRows();
    if (!rows.length || rows.some(isFiller)) return !rows.length;
    const bottom = rows[rows.length - 1].getBoundingClientRect().bottom;
    return bottom - box.getBoundingClientRect().top + box.scrollTop >= box.scrollHeight - 2;
  };
  // A taller box makes a grid that draws only what is in view draw more at once.
  const walk = async (visit) => {
    const before = { height: box.style.height, top: box.scrollTop };
    let whole = true;
    try {
      if (allRows().some(isFiller)) box.style.height = `${Math.min(box.scrollHeight, 12000)}px`;
      for (let top = 0; ; top += box.clientHeight) {
        if (box.scrollHeight > box.clientHeight || top) box.scrollTop = top;
        box.dispatchEvent(new Event("scroll"));
        if (!covered() && !(await drawn())) whole = false;
        if (visit() || allThere()) break;
        if (top + box.clientHeight >= box.scrollHeight - 1) break;
      }
    } finally {
      box.style.height = before.height;
      box.scrollTop = before.top;
    }
    return whole;
  };
  const topOf = (row) => row.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;

  if (order.act === "read") {
    // A search for one order is complete with its first row; a list may still be growing.
    if (!(await calm(order.few && (() => dataRows().length)))) return { restless: true };
    const seen = new Map();
    const whole = await walk(() => {
      for (const row of dataRows()) {
        const key = row.idd ?? `${text(row)}@${Math.round(topOf(row))}`;
        if (!seen.has(key)) seen.set(key, { cells: [...row.cells].map(text), top: topOf(row) });
      }
      return false;
    });
    return { headings: headings(), rows: [...seen.values()], whole };
  }

  const column = headings().findIndex((label) => label.normalize("NFKC") === order.heading);
  const even = (cell) => text(cell).normalize("NFKC");
  const matches = () => dataRows().filter((row) => row.cells[column] && even(row.cells[column]) === order.value);
  if (!(await calm(() => matches().length))) return { restless: true };
  const centre = async (top) => {
    box.scrollTop = Math.max(0, top - box.clientHeight / 2);
    await drawn();
  };
  if (!matches().length && order.top !== null) await centre(order.top);
  if (!matches().length) {
    let found = null;
    await walk(() => {
      const row = matches()[0];
      if (row) found = topOf(row);
      return row;
    });
    if (found !== null) await centre(found);
  }
  const rows = matches();
  // Where the mouse finds the cell, if it is the cell that lies uppermost there.
  const point = (cell) => {
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
    const place = cell.getBoundingClientRect();
    const [x, y] = [place.left + place.width / 2, place.top + place.height / 2];
    return document.elementFromPoint(x, y) === cell ? [x, y] : null;
  };
  return { point: rows.length === 1 ? point(rows[0].cells[column]) : null,
    headings: headings(), rows: rows.map((row) => ({ cells: [...row.cells].map(text), top: topOf(row) })), whole: true };
}
