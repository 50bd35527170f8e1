// The order number that the 取引情報 in sight shows, waiting until it is the wanted one or time is up.
async ({ wanted, limit }, { find }) => {
  const deadline = performance.now() + limit;
  const even = (text) => text.normalize("NFKC");
  let place = null;
  for (;;) {
    if (!place?.isConnected || !qsmSeen(place)) {
      const hits = find("details_order_no");
      place = hits.find(qsmSeen) ?? hits[0] ?? null;
    }
    const shown = place ? even(qsmText(place)) : "";
    if (wanted === null || shown === wanted || performance.now() > deadline) return shown;
    await qsmTick();
  }
}
