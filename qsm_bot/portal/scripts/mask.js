// Covers every value that is not on the list of public labels, before a picture is taken.
// order: { publicLabels: [...] }
(order, { find }) => {
  const even = (text) => text.normalize("NFKC").replace(/\s+/g, " ").trim();
  const open = new Set(order.publicLabels.map(even));
  // All places are measured before the first patch is laid: each patch moves the layout on.
  const places = [];
  const cover = (element, frame) => {
    const place = element.getBoundingClientRect();
    const limit = frame ? frame.getBoundingClientRect() : { left: -1e6, top: -1e6, right: 1e6, bottom: 1e6 };
    const left = Math.max(place.left, limit.left), top = Math.max(place.top, limit.top);
    const width = Math.min(place.right, limit.right) - left, height = Math.min(place.bottom, limit.bottom) - top;
    const inView = top < innerHeight && top + height > 0 && left < innerWidth && left + width > 0;
    if (width > 0 && height > 0 && inView) places.push({ left: left + scrollX, top: top + scrollY, width, height });
  };
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
      [...row.cells].forEach((cell, index) => { if (cell.tagName === "TD" && !open.has(labels[index])) cover(cell, box); });
    }
  }
  // Whatever else looks like a phone number or a mail address.
  const telling = /\d{2,4}-\d{2,4}-\d{3,4}|[\w.+-]+@[\w-]+\.\w/;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (telling.test(node.data) && node.parentElement?.checkVisibility()) cover(node.parentElement);
  }
  for (const { left, top, width, height } of places) {
    const patch = document.createElement("div");
    patch.className = "qsm-bot-mask";
    patch.style.cssText = "position:absolute;z-index:2147483647;background:#8a93a0;pointer-events:none;" +
      `left:${left}px;top:${top}px;width:${width}px;height:${height}px`;
    document.body.append(patch);
  }
}
