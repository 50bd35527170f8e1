// Asks the page for a list, as a click does: shows the tab if need be, fills in the search,
// marks the grid's present rows as old, and clicks. Reading only: what acts on an order is
// clicked by the mouse.
async ({ tab, trigger, search, limit }, { find, need }) => {
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
  const grid = need("grid");
  for (const row of grid.querySelectorAll(".objbox tr")) row.qsmBotStale = true;
  // An empty grid has no row to be marked: whether the list has come shows in what is drawn.
  grid.qsmBotDrawn = false;
  new MutationObserver((_, observer) => {
    grid.qsmBotDrawn = true;
    observer.disconnect();
  }).observe(grid, { childList: true, characterData: true, subtree: true });
  button.click();
}
