// How a list is read, whatever the grid. Every wait ends by what is seen, or at its limit.
const QSM_GRACE_MS = 2000;
const QSM_QUIET_MS = 200;
const QSM_TALLEST = 12000;

// Marks the present rows as old and watches the grid: whether a new list has come shows in both.
const qsmMarkOld = (root, reader) => {
  let lines = [];
  try { lines = reader?.lines() ?? []; } catch (problem) { if (!problem.odd) throw problem; }
  qsmUnmark(root);
  // An empty grid has no row to be marked: whether the list has come shows in what is drawn.
  const watch = { at: null, old: lines.flatMap((line) => line.nodes) };
  for (const node of watch.old) node.qsmBotOld = qsmText(node);
  watch.observer = new MutationObserver(() => { watch.at = performance.now(); });
  watch.observer.observe(root, { childList: true, characterData: true, subtree: true });
  root.qsmBotWatch = watch;
};
const qsmUnmark = (root) => {
  root.qsmBotWatch?.observer.disconnect();
  for (const node of root.qsmBotWatch?.old ?? []) delete node.qsmBotOld;
  root.qsmBotWatch = null;
};

const qsmUsable = (control) =>
  Boolean(control) && qsmSeen(control) && !control.disabled && control.getAttribute("aria-disabled") !== "true"
  && ![control, control.closest("li")].some((each) => /(^|[-_ ])(disabled|off|dis)($|[-_ ])/i.test(each?.getAttribute("class") ?? ""));

class QsmReading {
  // limit: milliseconds that each wait may last
  constructor(finder, limit) {
    this.finder = finder;
    this.limit = limit;
    this.reader = null;
    this.whole = true;
    this.heads = [];
    this.rows = new Map();
  }

  get root() { return this.finder.need("grid"); }
  get box() { return this.reader.box?.() ?? null; }
  get data() { return this.reader.lines().filter((line) => !line.note); }

  place(element) { return element.getBoundingClientRect(); }

  // Of a row that stands in several tables, the part that is scrolled.
  placeOf({ nodes }, box) {
    return this.place(nodes.find((node) => box?.contains(node)) ?? nodes[0]);
  }

  // The row's distance from the top of all rows.
  top(line, box = this.box) {
    if (line.at !== undefined) return line.at;
    const at = this.placeOf(line, box).top;
    return at - this.place(box ?? this.reader.node).top + (box ? box.scrollTop : 0);
  }

  // Calm: two looks a frame apart see the same, or what is waited for is there.
  // turned: whether a page was turned, which is seen in the rows only.
  async calm({ enough, turned } = {}) {
    const start = performance.now();
    const over = (time) => performance.now() - start > Math.min(this.limit, time);
    let last = null;
    while (!over(Infinity)) {
      const now = this.look(over(QSM_GRACE_MS), turned);
      if (now !== null && (now === last || enough?.())) {
        qsmUnmark(this.root);
        return true;
      }
      last = now;
      await (now === null ? qsmTick() : qsmFrame());
    }
    this.look(true, turned);
    return false;
  }

  // What there is to see, or null while it is not the list that was asked for.
  look(late, turned) {
    try {
      this.reader = this.finder.grid();
      if (!this.isFresh(late, turned)) return null;
      const lines = this.reader.lines();
      const ends = lines.length ? [lines[0], lines.at(-1)].flatMap(({ nodes }) => nodes.map(qsmText)) : [];
      return [lines.length, this.box?.scrollHeight, ...ends].join(" ");
    } catch (problem) {
      // It may be under construction.
      if (!problem.odd || late) throw problem;
      return null;
    }
  }

  isFresh(late, turned) {
    if (this.finder.find("loading").some(qsmSeen) || this.reader.busy?.()) return false;
    const watch = this.root.qsmBotWatch;
    const lines = this.reader.lines();
    const isOld = ({ nodes }) =>
      nodes.some((node) => node.qsmBotOld !== undefined && !(this.reader.keeps && node.qsmBotOld !== qsmText(node)));
    const old = lines.filter(isOld).length;
    if (turned) return lines.length > 0 && (!old || (this.reader.keeps && old < lines.length && this.isQuiet(watch)));
    // An empty list drawn over an empty one may leave no trace, so that is not waited for long.
    if (watch && watch.at === null && !late) return false;
    return !old || (this.reader.keeps && (late || this.isQuiet(watch)));
  }

  isQuiet(watch) { return Boolean(watch?.at) && performance.now() - watch.at > QSM_QUIET_MS; }

  // The first place in view, between `from` and `to` in the window, where a row is not drawn.
  gapIn(from, to) {
    const box = this.box;
    const rows = this.reader.lines().map((line) => this.placeOf(line, box));
    const places = [...rows, ...this.reader.heads().filter(Boolean).map(this.place)]
      .filter(({ top, bottom }) => bottom > from && top < to).sort((one, other) => one.top - other.top);
    const least = rows.length ? rows[0].height * 0.6 : 1;
    let down = from;
    for (const { top, bottom } of places) {
      if (top - down > least) return down;
      down = Math.max(down, bottom);
    }
    return to - down > least ? down : null;
  }

  inView() {
    const [sheet, view] = [this.reader.sheet?.(), this.box && this.place(this.box)];
    return sheet && view ? [Math.max(sheet.top, view.top), Math.min(sheet.bottom, view.top + this.box.clientHeight)] : [0, 0];
  }

  isCovered() {
    const [from, to] = this.inView();
    return from >= to || this.gapIn(from, to) === null;
  }

  // Without gaps, and with rows down to the bottom, there is nothing to scroll for.
  isAllThere() {
    const sheet = this.reader.sheet?.();
    return !sheet || this.gapIn(sheet.top, sheet.bottom) === null;
  }

  async until(isDone, limit = this.limit) {
    const start = performance.now();
    const isOver = () => performance.now() - start > limit;
    const isSo = () => {
      try { return isDone(); } catch (problem) {
        // One half of a grid may follow the other a moment later.
        if (!problem.odd || isOver()) throw problem;
        return false;
      }
    };
    while (!isSo()) {
      if (isOver()) return false;
      await qsmFrame();
    }
    return true;
  }

  async scroll(box, axis, to, limit) {
    if (box[axis] !== to) box[axis] = to;
    box.dispatchEvent(new Event("scroll"));
    return this.until(() => this.isCovered() && this.hasColumns(), limit);
  }

  // Scrolls to what must be drawn then; what is not makes the reading a part of the list only.
  async show(box, axis, to) {
    if (!(await this.scroll(box, axis, to))) this.whole = false;
  }

  // Whether the columns whose headings are in view are drawn in each row in view.
  hasColumns() {
    const side = this.reader.side?.();
    if (!side) return true;
    const [{ left, right }, [from, to], box] = [this.place(side), this.inView(), this.box];
    const shown = this.reader.heads().flatMap((head, at) => {
      const place = this.place(head);
      return place.right > left + 1 && place.left < right - 1 ? [at] : [];
    });
    return this.data.every((line) => {
      const place = this.placeOf(line, box);
      const cells = place.bottom > from + 1 && place.top < to - 1 ? line.cells() : null;
      return !cells || shown.every((at) => cells[at]);
    });
  }

  // Through all rows, until visit says that it is enough.
  async down(visit) {
    const box = this.box;
    if (!box) return visit();
    const before = box.scrollTop;
    const shrink = await this.stretched(box);
    try {
      for (let top = 0; ; top += box.clientHeight) {
        await this.show(box, "scrollTop", box.scrollHeight > box.clientHeight ? top : 0);
        if ((await visit()) || this.isAllThere() || top + box.clientHeight >= box.scrollHeight - 1) break;
      }
    } finally {
      shrink();
      await this.scroll(box, "scrollTop", before);
    }
  }

  // A taller box makes a grid that draws only what is in view draw more at once; some go by
  // the height of the grid around it. Returns what sets both back.
  async stretched(box) {
    if (!this.reader.tall || this.isAllThere()) return () => {};
    const parts = [this.reader.node, box];
    const [before, more] = [parts.map((part) => part.style.height), Math.min(box.scrollHeight, QSM_TALLEST) - box.offsetHeight];
    const back = () => parts.forEach((part, index) => { part.style.height = before[index]; });
    const heights = parts.map((part) => part.offsetHeight + more);
    parts.forEach((part, index) => { part.style.height = `${heights[index]}px`; });
    if (await this.scroll(box, "scrollTop", 0, QSM_GRACE_MS)) return back;
    back();
    return () => {};
  }

  // Sideways, as far as it takes until visit says that it has seen all columns.
  async across(visit) {
    const side = this.reader.side?.();
    if (visit() || !side) return;
    const before = side.scrollLeft;
    for (let left = 0; ; left += side.clientWidth) {
      await this.show(side, "scrollLeft", left);
      if (visit() || left + side.clientWidth >= side.scrollWidth - 1) break;
    }
    await this.scroll(side, "scrollLeft", before);
  }

  // Keeps what is drawn now; whether no column is missing in it.
  keep(lines = this.data) {
    this.reader.heads().forEach((head, at) => { this.heads[at] ??= qsmText(head); });
    const columns = Object.keys(this.heads).length;
    let complete = columns >= (this.reader.columns?.() ?? 0);
    const [times, box] = [new Map(), this.box];
    for (const line of lines) {
      const top = this.top(line, box);
      const name = line.key ?? `${line.nodes.map(qsmText)}@${Math.round(top)}`;
      // Two rows may carry the same key; they are two all the same.
      times.set(name, (times.get(name) ?? 0) + 1);
      const key = `${times.get(name)} ${name}`;
      const row = this.rows.get(key) ?? { cells: [], top };
      this.rows.set(key, row);
      line.cells().forEach((cell, at) => { row.cells[at] ??= qsmText(cell); });
      complete &&= Object.keys(row.cells).length >= columns;
    }
    return complete || !this.reader.side?.();
  }

  // What was kept, from the first row to the last.
  get kept() {
    const rows = [...this.rows.values()].sort((one, other) => one.top - other.top);
    return {
      headings: Object.values(this.heads),
      rows: rows.map(({ cells, top }) => ({ cells: Object.values(cells), top })),
      whole: this.whole,
    };
  }

  // The list's own, or one that stands outside of all lists.
  control(name) {
    const own = this.reader.pager?.()?.[name];
    const shown = this.finder.find(`${name}_page`).filter(qsmSeen);
    const heading = this.finder.heading;
    const isOfAnother = (hit) => {
      for (let table = hit.closest("table"); table; table = table.parentElement?.closest("table")) {
        if ([...table.querySelectorAll("th")].some((head) => qsmEven(qsmText(head)) === heading)) return true;
      }
      return false;
    };
    return own ?? shown.find((hit) => this.reader.node.contains(hit)) ?? shown.find((hit) => !isOfAnother(hit)) ?? null;
  }
}
