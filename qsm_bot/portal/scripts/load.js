// Asks the page for a list, as a click does: shows the tab if need be, fills in the search,
// marks the grid's present rows as old, and clicks. Reading only: what acts on an order is
// clicked by the mouse.
async ({ tab, trigger, search, limit }, { find, need, grid }) => {
  const deadline = performance.now() + limit;
  let button = find(trigger).find(qsmSeen);
  if (!button) need(tab).click();
  while (!button && performance.now() < deadline) {
    button = find(trigger).find(qsmSeen);
    if (!button) await qsmTick();
  }
  if (!button) throw { missing: trigger };
  if (search) {
    const by = need("search_by");
    const option = [...by.options].find((one) => one.label.normalize("NFKC").trim() === search.by);
    if (!option) throw { missing: "search_by" };
    const fields = [[by, option.value], [need("search_text"), search.text]];
    for (const [field, value] of fields) {
      field.value = value;
      for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
    }
  }
  // Some grids are built with their first list.
  const [root] = find("grid");
  if (root) {
    let reader = null;
    try { reader = grid(); } catch (problem) { if (!problem.odd) throw problem; }
    qsmMarkOld(root, reader);
  }
  button.click();
}
