// The order number that the 取引情報 in sight shows, waiting until it is the wanted one or time is up.
async ({ wanted, limit }, { find }) => {
  // As the check at the click sees it: see guard.js.
  const inSight = (element) => {
    const left = document.scrollingElement?.scrollLeft ?? 0;
    return qsmSeen(element) && element.checkVisibility({ opacityProperty: true }) && element.getBoundingClientRect().right + left > -1000;
  };
  const deadline = performance.now() + limit;
  const even = (text) => text.normalize("NFKC");
  let place = null;
  for (;;) {
    if (!place?.isConnected || !inSight(place)) {
      const hits = find("details_order_no");
      place = hits.find(inSight) ?? hits[0] ?? null;
    }
    const shown = place ? even(qsmText(place)) : "";
    if (wanted === null || shown === wanted || performance.now() > deadline) return shown;
    await qsmTick();
  }
}
