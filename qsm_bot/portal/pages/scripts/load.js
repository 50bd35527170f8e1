// Asks the page for a list, as a click does: fills in the search, marks the grid's present rows
// as old, and clicks. Says "not shown" if there is nothing to click. Reading only: what acts on
// an order is clicked by the mouse.
async ({ trigger, search, limit }, { find, need, grid }) => {
  const deadline = performance.now() + (limit ?? 0);
  let button = find(trigger).find(qsmSeen);
  while (!button && performance.now() < deadline) {
    await qsmTick();
    button = find(trigger).find(qsmSeen);
  }
  if (!button) return "not shown";
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
  return null;
}
