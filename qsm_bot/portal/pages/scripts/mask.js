// Covers every value that is not on the list of public labels, before a picture is taken,
// and scrolls to what the picture is about. order: { publicLabels: [...], about: "form" or "list" }
// Frames of the same portal are covered as the page is; others are not shown.
(order, { find, grid }) => {
  const even = (text) => text.normalize("NFKC").replace(/\s+/g, " ").trim();
  const open = new Set(order.publicLabels.map(even));
  const cover = (element) => element.classList.add("qsm-bot-mask");
  // Colours only, so that nothing moves: patches laid over the page cost a layout each time.
  const prepare = (doc) => {
    const view = doc.defaultView;
    if (view.qsmBotMask) return;
    view.qsmBotMask = new view.CSSStyleSheet();
    view.qsmBotMask.replaceSync(
      ".qsm-bot-mask { background: #8a93a0 !important; color: transparent !important; text-shadow: none !important }" +
      ".qsm-bot-mask::placeholder { color: transparent !important }" +
      ".qsm-bot-mask *, .qsm-bot-hidden { visibility: hidden !important }");
    doc.adoptedStyleSheets.push(view.qsmBotMask);
  };
  const documents = [document];
  for (const doc of documents) {
    prepare(doc);
    for (const frame of doc.querySelectorAll("iframe, frame")) {
      if (frame.contentDocument?.body) documents.push(frame.contentDocument);
      else frame.classList.add("qsm-bot-hidden");
    }
  }
  // The form is filled in from 取引情報 down to the buttons; the list has the counters above it.
  const first = (key) => documents.map((doc) => find(key, doc)[0]).find(Boolean);
  if (order.about === "form") {
    // Without the button there is no form; what there is begins with 取引情報.
    const button = first("refuse_button");
    if (button) button.scrollIntoView({ block: "end" });
    else first("details_order_no")?.scrollIntoView({ block: "start" });
  }
  else window.scrollTo(0, 0);

  const coverSignIn = (doc) => {
    if (!doc.querySelector("input[type=password]")) return;
    for (const box of doc.querySelectorAll("input, textarea")) cover(box);
  };
  const coverCells = (doc) => {
    for (const label of doc.querySelectorAll("th, dt")) {
      const value = label.nextElementSibling;
      if (!value || !value.matches("td, dd")) continue;
      // Menus are lists of links, and say nothing about a buyer.
      if (label.tagName === "DT" && value.querySelector("a")) continue;
      if (!open.has(even(label.textContent))) cover(value);
    }
  };
  // Of a list its headings and the cells under public ones are shown; nothing else in it that
  // has a text, be it a copy of a column, or the whole list if it cannot be read.
  const coverGrids = (doc) => {
    const roots = find("grid", doc);
    const shown = new Set();
    try {
      const reader = grid(doc);
      roots.push(reader.node);
      const heads = reader.heads();
      for (const head of heads) if (head) shown.add(head);
      for (const line of reader.lines()) {
        const cells = line.cells();
        const fits = line.placed || cells.length === heads.length;
        cells.forEach((cell, at) => {
          if (fits && heads[at] && open.has(even(heads[at].textContent))) shown.add(cell);
          else cover(cell);
        });
      }
    } catch (problem) {
      if (!problem.odd && !problem.missing) throw problem;
    }
    const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    for (const root of roots) {
      const walker = doc.createTreeWalker(root, NodeFilter.SHOW_ELEMENT, (element) =>
        shown.has(element) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
      while (walker.nextNode()) if (hasText(walker.currentNode)) cover(walker.currentNode);
    }
  };
  // No table tells which value belongs to which label: of all between list and form, only
  // the public labels are shown, and of each the one element that comes next.
  const coverPane = (doc) => {
    const [number] = find("details_order_no", doc);
    if (!number || number.matches("td")) return;
    const [above, below] = [find("grid", doc)[0], find("reason", doc)[0]];
    const isAfter = (element, other) => other.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING;
    let expected = false;
    for (const element of doc.body.querySelectorAll("*:not(script, style, option)")) {
      if (above && (above.contains(element) || !isAfter(element, above))) continue;
      if (below && (below === element || isAfter(element, below))) break;
      const text = even([...element.childNodes].map((node) => (node.nodeType === Node.TEXT_NODE ? node.data : "")).join(" "));
      if (element.children.length && !text) continue;
      const known = open.has(text);
      if (!known && !expected && !element.matches("button, [type=button], [type=submit], br, img")) cover(element);
      expected = known;
    }
  };
  // Whatever else looks like a phone number or a mail address.
  const telling = /\d{2,4}-\d{2,4}-\d{3,4}|[\w.+-]+@[\w-]+\.\w/;
  const coverTelling = (doc) => {
    const walker = doc.createTreeWalker(doc.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (telling.test(node.data) && node.parentElement?.checkVisibility()) cover(node.parentElement);
    }
  };
  const covers = [coverSignIn, coverCells, coverGrids, coverPane, coverTelling];
  for (const doc of documents) for (const each of covers) each(doc);
}
