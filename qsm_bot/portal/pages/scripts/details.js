// The order number that the 取引情報 in sight shows, waiting until it is the wanted one or time is up.
async ({ wanted, limit }, { find }) => {
  const deadline = performance.now() + limit;
  const even = (text) => text.normalize("NFKC");
  let place = null;
  for (;;) {
    const hits = find("details_order_no");
    // As the check at the click sees it: see guard.js.
    place = qsmSight.pick([hits], place) ?? hits[0] ?? null;
    const shown = place ? even(qsmSight.says(place).replace(/\s+/g, " ").trim()) : "";
    if (wanted === null || shown === wanted || performance.now() > deadline) return shown;
    await qsmTick();
  }
}
