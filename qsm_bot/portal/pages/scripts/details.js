// The order number that 取引情報 shows, waiting until it is the wanted one or time is up.
async ({ wanted, limit }, { find }) => {
  const deadline = performance.now() + limit;
  const even = (text) => text.normalize("NFKC");
  let place = null;
  for (;;) {
    if (!place?.isConnected) place = find("details_order_no")[0] ?? null;
    const shown = place ? even(qsmText(place)) : "";
    if (wanted === null || shown === wanted || performance.now() > deadline) return shown;
    await qsmTick();
  }
}
