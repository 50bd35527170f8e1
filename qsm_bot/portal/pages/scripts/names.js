// The names that a page shows, by kind; never a value: no cell of a list, nothing that has
// digits of its own. order: { counters: whether labels beside numbers are asked for,
// buttons: labels of links that are buttons whatever they look like }
({ counters, buttons }, { find, grid }) => {
  const even = (text) => text.normalize("NFKC").replace(/\s+/g, " ").trim();
  const telling = /\d{2,4}-\d{2,4}-\d{3,4}|[\w.+-]+@[\w-]+\.\w/;
  const LONGEST = 60;
  const MOST_OPTIONS = 60;
  const asName = (text) => {
    const name = even(text);
    return name.length > LONGEST || telling.test(name) ? "" : name.replace(/\d+/g, "#");
  };
  const grids = find("grid");
  // A cover of a picture hides what is below it, but leaves its place.
  const shown = (element) =>
    element.getClientRects().length > 0 && !grids.some((each) => each.contains(element));
  const unique = (texts) => [...new Set(texts)].filter(Boolean);
  const names = (elements, textOf) => unique([...elements].filter(shown).map((element) => asName(textOf(element))));
  const has = (element, pattern) => [...element.classList].some((name) => pattern.test(name));
  const own = (element) =>
    [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data).join(" ");
  const FIELDS = "select, textarea, button, script, style";
  const said = (element) =>
    [...element.childNodes].map((node) =>
      node.nodeType === Node.TEXT_NODE ? node.data
      : node.nodeType === Node.ELEMENT_NODE && !node.matches(FIELDS) ? said(node) : "").join(" ");

  const sections = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6, caption, legend, [class*=tit]")].filter((element) =>
    /^(H[1-6]|CAPTION|LEGEND)$/.test(element.tagName)
    || (has(element, /(^|[_-])tit(le)?($|[_-])/i) && !element.closest("td, dd, li, a")));
  const isButton = (link) =>
    has(link, /(^|[_-])(btn|button)($|[_-])/i) || buttons.includes(even(qsmText(link)));
  const pressed = document.querySelectorAll(
    "button, input[type=button], input[type=submit], input[type=image], [role=button], a");
  const listed = [...pressed].filter((element) => element.tagName !== "A" || element.matches("[role=button]") || isButton(element));
  const acts = (element) =>
    element.hasAttribute("onclick") || /^javascript:/i.test(element.getAttribute("href") ?? "");
  const buttonText = (element) => {
    const text = qsmText(element) || element.alt || element.title || "";
    return text && acts(element) ? `${text} (onclick)` : text;
  };
  const number = /^[(（]?([0-9０-９,]+|-)[)）]?\s*件?$/;
  const counted = () => [...document.querySelectorAll("td, th")].filter((cell) =>
    cell.nextElementSibling?.tagName === "TD" && number.test(qsmText(cell.nextElementSibling)) && !number.test(qsmText(cell)));

  const headings = () => {
    try { return grid().heads(); } catch (problem) {
      if (!problem.odd && !problem.missing) throw problem;
      return [];
    }
  };

  return {
    headings: unique(headings().map((head) => asName(head.textContent))),
    sections: names(sections, own),
    // A label without a field is no label: pages show values in such, too.
    labels: names([...document.querySelectorAll("th, dt, label")].filter((each) => each.tagName !== "LABEL" || each.control), said),
    options: unique([...document.querySelectorAll("select")].filter(shown)
      .flatMap((select) => [...select.options].slice(0, MOST_OPTIONS).map(({ label }) => asName(label)))),
    buttons: names(listed, buttonText),
    tabs: names([...document.querySelectorAll("[role=tab], ul[class*=tab] > li"), ...find("by_state_tab"), ...find("by_search_tab")], said),
    ...(counters ? { counters: names(counted(), said) } : {}),
  };
}
