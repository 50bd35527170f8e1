// What can be said about one element, for judging whether it is the one that was asked for and
// for finding it again. Runs behind find.js.
const CLICKABLE = "button, a, summary, input[type=button], input[type=submit], input[type=image], " +
  "input[type=reset], [role=button], [role=link], [role=tab], [onclick]";
const TEXT_BOX = "textarea, input:not([type]), input[type=text], input[type=search], input[type=tel], " +
  "input[type=email], input[type=password]";
const DIGITS = /^[(（]?[0-9０-９,]+[)）]?\s*件?$/;
const LONGEST_LABEL = 30;

const tagOf = (element) => element.localName;
const ancestors = (element) => {
  const all = [];
  for (let one = element; one; one = one.parentElement) all.push(one);
  return all;
};
const place = (element) => {
  let count = 1;
  for (let one = element.previousElementSibling; one; one = one.previousElementSibling) {
    if (one.tagName === element.tagName) count++;
  }
  return count;
};
// The list that can be read inside the element, whichever it is built of.
const gridIn = (element) => {
  try {
    const reader = qsmGridOf([element], { kind: "auto", heading: null });
    return element.contains(reader.node) ? reader : null;
  } catch (problem) {
    if (!problem.odd) throw problem;
    return null;
  }
};
const isGrid = (element) => gridIn(element) !== null;
const isListed = (element) =>
  Boolean(element.closest(".objbox, .slick-viewport, .ui-jqgrid-bdiv, [role=grid], [role=treegrid]"))
  || Boolean(element.closest("table") && isGrid(element.closest("table")));
const isClickable = (element) =>
  element.matches(CLICKABLE) || element.ownerDocument.defaultView.getComputedStyle(element).cursor === "pointer";

// The XPath steps from one element to another, by way of their nearest common ancestor.
const stepsBetween = (from, to) => {
  const above = ancestors(from);
  const below = [];
  let common = to;
  while (common && !above.includes(common)) {
    below.unshift(common);
    common = common.parentElement;
  }
  if (!common || !below.length) return null;
  const down = (elements) => elements.map((one) => `/${tagOf(one)}[${place(one)}]`).join("");
  if (common === from) return down(below);
  const side = above[above.indexOf(common) - 1];
  const [first, ...rest] = below;
  const isBefore = side.compareDocumentPosition(first) & Node.DOCUMENT_POSITION_PRECEDING;
  let count = 0;
  for (let one = first; one !== side; one = isBefore ? one.nextElementSibling : one.previousElementSibling) {
    if (one.tagName === first.tagName) count++;
  }
  const up = side === from ? "" : `/ancestor-or-self::*[${above.indexOf(side) + 1}]`;
  return `${up}/${isBefore ? "preceding" : "following"}-sibling::${tagOf(first)}[${count}]${down(rest)}`;
};

// Texts that stand beside an element as its label, nearest first.
const LABEL = "th, dt, label, legend, h1, h2, h3, h4, h5, h6";
const labelsOf = (element) => {
  // Beside a control any text is its label; beside a value it may be another value, of a buyer.
  const is = (one) => one.matches(LABEL) || element.matches("select, textarea, input, button");
  const found = [...(element.labels ?? [])].filter((label) => !label.contains(element));
  for (const one of ancestors(element).slice(0, 4)) {
    const before = one.previousElementSibling;
    if (before && is(before) && !isClickable(before) && !before.querySelector("select, textarea, input")) found.push(before);
  }
  return found
    .map((label) => ({ tag: tagOf(label), text: qsmText(label), steps: stepsBetween(label, element) }))
    .filter(({ text, steps }) => steps && text && text.length <= LONGEST_LABEL && !/\d/.test(text));
};

// Elements that say exactly `wanted`, with the way from each to `element`; the nearest first.
const waysFrom = (wanted, element) => {
  if (!wanted) return [];
  const all = ancestors(element);
  const says = (one) => [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE
    && node.data.normalize("NFKC").replace(/\s+/g, " ").trim() === wanted);
  const far = (one) => all.findIndex((above) => above.contains(one));
  const numbers = [...element.ownerDocument.querySelectorAll("body *")]
    .filter((one) => !one.firstElementChild && one !== element && DIGITS.test(qsmText(one)));
  const follows = (one, other) => Boolean(one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);
  // A number that stands in between is the text's own.
  const isOwn = (one) => !numbers.some((number) =>
    follows(one, element) ? follows(one, number) && follows(number, element) : follows(element, number) && follows(number, one));
  return [...element.ownerDocument.querySelectorAll("body *")]
    .filter((one) => one !== element && says(one) && isOwn(one))
    .sort((one, other) => far(one) - far(other))
    .map((one) => ({ tag: tagOf(one), text: wanted, steps: stepsBetween(one, element) }))
    .filter(({ steps }) => steps);
};

const describe = (element, beside) => ({
  tag: tagOf(element),
  type: element.getAttribute("type")?.toLowerCase() ?? "",
  id: element.id,
  name: element.getAttribute("name") ?? "",
  role: element.getAttribute("role") ?? "",
  text: qsmLabel(element),
  says: element.type === "image" ? "alt" : element.tagName === "INPUT" ? "value" : qsmText(element) ? "text" : "picture",
  // What a person sees of it; that a picture shows its alternative text must be believed.
  seen: (qsmText(element) && element.tagName !== "INPUT" ? element.innerText ?? "" : qsmLabel(element))
    .replace(/\s+/g, " ").trim(),
  clickable: isClickable(element),
  visible: qsmSeen(element),
  options: element.tagName === "SELECT" ? [...element.options].map(({ label }) => label) : null,
  box: element.matches(TEXT_BOX),
  number: DIGITS.test(qsmText(element)),
  listed: isListed(element),
  headings: gridIn(element)?.heads().map(qsmText) ?? null,
  chain: ancestors(element).map((one) => ({ tag: tagOf(one), place: place(one), id: one.id })),
  labels: labelsOf(element),
  ways: waysFrom(beside, element),
});

// What stands around an element and might be a layer: what it says besides its buttons, these,
// and the selectors by which no other thing that can be seen is found; the nearest first.
const layersAround = (element) => ancestors(element).slice(1)
  .filter((one) => one !== document.body && one !== document.documentElement)
  .map((one) => {
    const [said, id] = [qsmLayer(one), one.id && !/\d{3,}/.test(one.id) ? `css=#${CSS.escape(one.id)}` : ""];
    const classes = [...one.classList].map((name) => `css=.${CSS.escape(name)}`);
    const all = ["css=[role=dialog]", "css=[role=alertdialog]", "css=dialog[open]", id, ...classes].filter(Boolean);
    const only = (selector) => { const hits = matching(selector, document).filter(qsmSeen); return hits.length === 1 && hits[0] === one; };
    return { ...said, selectors: all.filter(only) };
  });

const matching = (selector, doc) => {
  const [kind, query] = [selector.slice(0, selector.indexOf("=")), selector.slice(selector.indexOf("=") + 1)];
  if (kind === "css") return [...doc.querySelectorAll(query)];
  const hits = doc.evaluate(query, doc, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE, null);
  return Array.from({ length: hits.snapshotLength }, (_, index) => hits.snapshotItem(index));
};
