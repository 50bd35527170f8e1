// What a person sees on a page: every text with its place, every control with its label. The
// elements stay in the window, so that one of them can be clicked. lists: selectors of what is
// left out, the first that matches (a list may have a thousand rows); sentences: looked for across elements.
({ lists, sentences }) => {
  const even = (text) => text.normalize("NFKC").replace(/\s+/g, " ").trim();
  const solid = (text) => text.normalize("NFKC").replace(/\s+/g, "");
  const all = (selector) => {
    const query = selector.slice(selector.indexOf("=") + 1);
    if (selector.startsWith("css=")) return [...document.querySelectorAll(query)];
    const hits = document.evaluate(query, document, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE, null);
    return Array.from({ length: hits.snapshotLength }, (_, index) => hits.snapshotItem(index));
  };
  const leftOut = lists.map(all).find((hits) => hits.length) ?? [];
  const inList = (element) => leftOut.some((list) => list.contains(element));
  const isSeen = (element) => element.getClientRects().length > 0
    && element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  const CONTROL = "button, a, input[type=button], input[type=submit], input[type=image], [role=button], [onclick]";
  const own = (element) => {
    if (element.matches("input[type=button], input[type=submit]")) return element.value;
    if (element.matches("img, input[type=image]")) return element.alt;
    return [...element.childNodes].map((node) => (node.nodeType === Node.TEXT_NODE ? node.data : "")).join(" ");
  };
  const label = (element) =>
    even(element.matches("input") ? own(element) : element.innerText) || even(element.querySelector("img[alt]")?.alt ?? "");
  const place = (element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return [left + window.scrollX, top + window.scrollY, width, height];
  };

  const texts = [], controls = [], elements = [];
  const add = (kind, element, text) => {
    kind.push({ text, box: place(element), index: elements.length, heading: element.closest("h1, h2, h3, h4, h5, h6") !== null });
    elements.push(element);
  };
  for (const element of document.body.querySelectorAll("*:not(script, style, option, noscript)")) {
    if (inList(element)) continue;
    const text = even(own(element));
    const control = element.matches(CONTROL);
    if ((!text && !control) || !isSeen(element)) continue;
    if (text) add(texts, element, text);
    if (control) add(controls, element, label(element));
  }
  window.qsmKit = elements;

  // The innermost elements that say it; a box may say it as long as it is empty.
  const saying = (element, sentence) => {
    if (!isSeen(element) && element !== document.body) return [];
    const deeper = [...element.children].flatMap((child) => saying(child, sentence));
    if (deeper.length) return deeper;
    const said = element.placeholder ?? element.textContent;
    return solid(said).includes(sentence) && !element.matches("script, style") ? [place(element)] : [];
  };
  return { texts, controls, sentences: sentences.map((sentence) => saying(document.body, solid(sentence))) };
}
