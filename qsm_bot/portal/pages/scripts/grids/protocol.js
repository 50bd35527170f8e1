// The claim grid as a reader tells of it: which elements are headings, rows and cells. How a
// list is read, revealed and paged through is the same for every grid: see reading.js.
//
// qsmGridKinds[kind](root, heading) returns the readers that fit inside root, or throws { odd }.
// A reader has
//   node          the grid's own element
//   heads()       heading elements by column
//   lines()       the drawn rows: { nodes, cells() by column }, and where it is so: key, by which
//                 the grid knows the row; at, its height among all rows; placed, if each cell
//                 tells its column; note, if it is no row of the list
// and, where the grid is so,
//   box()         the element that scrolls the rows up and down
//   side()        the element that scrolls the columns, of a grid that draws only those in view
//   columns()     how many columns there are, if that is more than have been drawn
//   sheet()       the place of all rows, drawn or not: top and bottom in the window
//   gaps()        elements that stand for rows that are not drawn
//   spread()      elements as high as all rows, drawn or not
//   aim(line, at) the element that a mouse hits in place of the cell
//   busy()        whether the grid says that it is loading
//   pager()       { first, next }: its own controls
//   tall          a taller box draws more at once
//   keeps         rows of the list before may stay for the new one
const qsmGridKinds = {};
const qsmGridNames = ["dhtmlx", "jqgrid", "slickgrid", "aria", "table"];

const qsmEven = (text) => text.normalize("NFKC").replace(/\s+/g, " ").trim();
const qsmWithin = (root, selector) => [...(root.matches?.(selector) ? [root] : []), ...root.querySelectorAll(selector)];
const qsmDrawn = (element) => element.getClientRects().length > 0;
const qsmOdd = (what, seen = "") => ({ odd: { what, seen } });

// The element, from start up, that scrolls along the axis: "X" or "Y".
const qsmScroller = (start, axis) => {
  const [inner, outer] = axis === "X" ? ["scrollWidth", "clientWidth"] : ["scrollHeight", "clientHeight"];
  for (let one = start; one && one !== document.body; one = one.parentElement) {
    if (one[inner] > one[outer] + 1 && /auto|scroll/.test(getComputedStyle(one)[`overflow${axis}`])) return one;
  }
  return null;
};

// Rows that stand in several tables beside each other, put together by what they share.
const qsmJoined = (parts, shared) => {
  const rows = new Map();
  for (const part of parts) {
    part.forEach((line, index) => {
      const name = shared(line, index);
      rows.set(name, [...(rows.get(name) ?? []), line]);
    });
  }
  return [...rows.values()];
};

// The label among `titles` that stands nearest above the element.
const qsmTitleAbove = (node, titles) => {
  const walker = node.ownerDocument.createTreeWalker(node.ownerDocument.body, NodeFilter.SHOW_TEXT);
  walker.currentNode = node;
  for (let text = walker.previousNode(); text; text = walker.previousNode()) {
    const said = qsmEven(text.data).replace(/[\s(（0-9,]+[)）]?件?$/, "");
    if (titles.includes(said)) return said;
  }
  return null;
};

// The one grid that fits. options: { kind: one of the names or "auto", heading: of the order number,
// title: the label of the counter whose list is meant, titles: those of all lists }
const qsmGridOf = (roots, { kind, heading, title, titles }) => {
  const found = [];
  for (const name of kind === "auto" ? qsmGridNames : [kind]) {
    for (const root of roots) {
      for (const reader of qsmGridKinds[name](root, heading)) {
        // Some grids are built of tables, or carry the roles besides: they are what they are first.
        const known = found.some(({ node }) => node.contains(reader.node) || reader.node.contains(node));
        if (!known) found.push({ kind: name, ...reader });
      }
    }
  }
  const has = (reader) => reader.heads().some((head) => qsmEven(qsmText(head)) === heading);
  const fitting = found.length > 1 ? found.filter(has) : found;
  // Lists with equal headings: the one below the counter's own label is meant.
  const meant = fitting.length > 1 && title ? fitting.filter(({ node }) => qsmTitleAbove(node, titles) === title) : fitting;
  if (meant.length === 1) return meant[0];
  throw found.length ? qsmOdd("several", found.map((reader) => reader.kind).join(", ")) : qsmOdd("none", kind);
};
