// Finds elements by the selector pack's selectors, inside the page: one round trip for many
// elements. at: { key: [selector, …] }; the first selector that matches counts.
// options: what the pack says of the grid, see qsmGridOf.
const qsmAll = (selector, doc) => {
  const [kind, query] = [selector.slice(0, selector.indexOf("=")), selector.slice(selector.indexOf("=") + 1)];
  if (kind === "css") return [...doc.querySelectorAll(query)];
  const hits = doc.evaluate(query, doc, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE, null);
  return Array.from({ length: hits.snapshotLength }, (_, index) => hits.snapshotItem(index));
};
const qsmFinder = (at, options) => {
  const used = {};
  const find = (key, doc = document) => {
    for (const [index, selector] of at[key].entries()) {
      const hits = qsmAll(selector, doc);
      if (!hits.length) continue;
      used[key] = index;
      return hits;
    }
    return [];
  };
  // What each of its selectors matches.
  const every = (key) => find(key) && at[key].map((selector) => qsmAll(selector, document));
  const need = (key) => {
    const hits = find(key);
    if (!hits.length) throw { missing: key };
    return hits[0];
  };
  const grid = (doc = document) => {
    const roots = find("grid", doc);
    if (!roots.length) throw { missing: "grid" };
    return qsmGridOf(roots, options);
  };
  return { find, every, need, grid, used, heading: options?.heading };
};
const qsmFrame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
// For waits that end as soon as something is there; a frame would round them up to 16 ms.
const qsmTick = () => new Promise((done) => setTimeout(done, 2));
const qsmText = (element) => (element.tagName === "INPUT" ? element.value : element.textContent).replace(/\s+/g, " ").trim();
// What a control says: some are pictures, and say it by their alternative text.
const qsmLabel = (element) => {
  const spoken = (element.type === "image" ? element : element.querySelector("img[alt]"))?.alt ?? "";
  return qsmText(element) || spoken.replace(/\s+/g, " ").trim();
};
const qsmSeen = (element) => element.getClientRects().length > 0 && getComputedStyle(element).visibility !== "hidden";

// What lies over an element and takes its clicks: its heading and its buttons, or null.
const qsmCover = (target) => {
  const { left, top, width, height } = target.getBoundingClientRect();
  const over = document.elementFromPoint(left + width / 2, top + height / 2);
  if (!over || target.contains(over) || over.contains(target)) return null;
  let layer = over;
  while (layer.parentElement !== document.body && !layer.parentElement.contains(target)) layer = layer.parentElement;
  const even = (text) => text.normalize("NFKC").replace(/\s+/g, " ").trim();
  const heading = [...layer.querySelectorAll("h1, h2, h3, h4, h5, h6, legend, caption, [class*=tit]")].find((each) => even(each.textContent));
  const hits = qsmWithin(layer, "button, a, input[type=button], input[type=submit], [role=button]");
  const buttons = hits.filter(qsmSeen);
  return { heading: even((heading ?? layer).textContent).slice(0, 60), buttons: [...new Set(buttons.map((each) => even(qsmLabel(each))))].filter(Boolean).slice(0, 6) };
};

// A layer that asks or tells something: what it says besides its buttons, and what these say.
const qsmLayer = (layer) => {
  const even = (text) => text.replace(/\s+/g, " ").trim();
  const BUTTONS = "button, a, input[type=button], input[type=submit], [role=button]";
  const said = layer.cloneNode(true);
  for (const each of said.querySelectorAll(`${BUTTONS}, script, style`)) each.remove();
  return { text: even(said.textContent), buttons: [...layer.querySelectorAll(BUTTONS)].filter(qsmSeen).map(qsmLabel).map(even) };
};
