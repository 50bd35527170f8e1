// The order number that 取引情報 shows, waiting until it is the wanted one or time is up.
async ({ wanted, limit }, { find }) => {
  const deadline = performance.now() + limit;
  const even = (text) => text.normalize("NFKC");
  for (;;) {
    const shown = even(find("details_order_no").map(qsmText)[0] ?? "");
    if (wanted === null || shown === wanted || performance.now() > deadline) return shown;
    await qsmFrame();
  }
}
