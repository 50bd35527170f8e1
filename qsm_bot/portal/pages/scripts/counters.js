// The numbers beside labels, once the page has filled them in. at: one key per counter.
async ({ keys, limit }, { find }) => {
  const deadline = performance.now() + limit;
  const digits = /^[(（]?[0-9０-９,]+[)）]?\s*件?$/;
  for (;;) {
    const texts = keys.map((key) => find(key).map(qsmText)[0] ?? "");
    if (texts.every((text) => digits.test(text)) || performance.now() > deadline) return texts;
    await qsmTick();
  }
}
