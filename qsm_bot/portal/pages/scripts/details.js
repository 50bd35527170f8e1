// The order number that the 取引情報 in sight shows, waiting until it is the wanted one or time is up.
async ({ wanted, limit }, { every }) => {
  const deadline = performance.now() + limit;
  const plain = (element) => qsmSight.says(element).normalize("NFKC").replace(/\s+/g, " ").trim();
  let place = null;
  for (;;) {
    const groups = every("details_order_no");
    // As the check at the click sees it: see guard.js.
    place = qsmSight.pick(groups, place);
    const told = [...new Set(groups.flat().map(plain))];
    const shown = place ? plain(place) : told.length > 1 ? told.join(" / ") : "";
    if (wanted === null || shown === wanted || performance.now() > deadline) return shown;
    await qsmTick();
  }
}
