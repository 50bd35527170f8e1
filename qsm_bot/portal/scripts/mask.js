// Covers every value that is not on the list of public labels, before a picture is taken,
// and scrolls to what the picture is about. order: { publicLabels: [...], about: "form" or "list" }
(order, { find }) => {
  const even = (text) => text.normalize("NFKC").replace(/\s+/g, " ").trim();
  const open = new Set(order.publicLabels.map(even));
  // The form is filled in from 取引情報 down to the buttons; the list has the counters above it.
  if (order.about === "form") find("refuse_button")[0]?.scrollIntoView({ block: "end" });
  else window.scrollTo(0, 0);
  // Colours only, so that nothing moves: patches laid over the page cost a layout each time.
  if (!window.qsmBotMask) {
    window.qsmBotMask = new CSSStyleSheet();
    window.qsmBotMask.replaceSync(
      ".qsm-bot-mask { background: #8a93a0 !important; color: transparent !important; text-shadow: none !important }" +
      ".qsm-bot-mask::placeholder { color: transparent !important }" +
      ".qsm-bot-mask * { visibility: hidden !important }");
    document.adoptedStyleSheets.push(window.qsmBotMask);
  }
  const cover = (element) => element.classList.add("qsm-bot-mask");
  if (document.querySelector("input[type=password]")) {
    for (const box of document.querySelectorAll("input, textarea")) cover(box);
  }
  for (const label of document.querySelectorAll("th, dt")) {
    const value = label.nextElementSibling;
    if (!value || !value.matches("td, dd")) continue;
    // Menus are lists of links, and say nothing about a buyer.
    if (label.tagName === "DT" && value.querySelector("a")) continue;
    if (!open.has(even(label.textContent))) cover(value);
  }
  for (const grid of find("grid")) {
    const box = grid.querySelector(".objbox");
    const labels = [...(grid.querySelector(".xhdr table")?.rows[1]?.cells ?? [])].map((cell) => even(cell.textContent));
    for (const row of box?.querySelectorAll("tr") ?? []) {
      if (row.cells.length !== labels.length) continue;
      [...row.cells].forEach((cell, index) => { if (cell.tagName === "TD" && !open.has(labels[index])) cover(cell); });
    }
  }
  // Whatever else looks like a phone number or a mail address.
  const telling = /\d{2,4}-\d{2,4}-\d{3,4}|[\w.+-]+@[\w-]+\.\w/;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (telling.test(node.data) && node.parentElement?.checkVisibility()) cover(node.parentElement);
  }
}
