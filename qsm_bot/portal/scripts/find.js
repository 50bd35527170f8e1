// Finds elements by the selector pack's selectors, inside the page: one round trip for many
// elements. at: { key: [selector, …] }; the first selector that matches counts.
// options: what the pack says of the grid, see qsmGridOf.
const qsmFinder = (at, options) => {
  const used = {};
  const all = (selector, doc) => {
    const [kind, query] = [selector.slice(0, selector.indexOf("=")), selector.slice(selector.indexOf("=") + 1)];
    if (kind === "css") return [...doc.querySelectorAll(query)];
    const hits = doc.evaluate(query, doc, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE, null);
    return Array.from({ length: hits.snapshotLength }, (_, index) => hits.snapshotItem(index));
  };
  const find = (key, doc = document) => {
    for (const [index, selector] of at[key].entries()) {
      const hits = all(selector, doc);
      if (!hits.length) continue;
      used[key] = index;
      return hits;
    }
    return [];
  };
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
  return { find, need, grid, used };
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
