// The page as it stands, as JSON: [tag, {attributes}, [children]], a text is a string. What
// runs, styles or describes the page stays behind; so do other sites' frames. Of the grid only
// the first rows are taken: nobody needs more, and a saved page cannot draw what was not drawn.
// order: { rows: how many }
({ rows }, { find, grid }) => {
  const behind = new Set(["SCRIPT", "STYLE", "LINK", "META", "NOSCRIPT", "TEMPLATE", "BASE", "OBJECT",
    "EMBED", "CANVAS", "SVG", "MATH", "VIDEO", "AUDIO", "PICTURE", "SOURCE"]);
  const left = new Set();
  const flat = new Set();
  try {
    const reader = grid();
    const drawn = reader.lines().filter((line) => !line.note);
    for (const line of drawn.slice(rows)) for (const node of line.nodes) left.add(node);
    for (const gap of reader.gaps?.() ?? []) left.add(gap);
    for (const high of reader.spread?.() ?? []) flat.add(high);
  } catch (problem) {
    if (!problem.odd && !problem.missing) throw problem;
    const drawn = find("grid").flatMap((root) => [...root.querySelectorAll("tr")]).filter((row) => row.cells[0]?.tagName === "TD");
    for (const row of drawn.slice(rows)) left.add(row);
  }
  const states = (element) => {
    const found = {};
    if (element.tagName === "INPUT" && /^(checkbox|radio)$/.test(element.type)) found.checked = element.checked;
    if (element.tagName === "OPTION") found.selected = element.selected;
    return found;
  };
  const hidden = (element) => {
    // The style sheets stay behind: what they hide has to say so itself.
    const style = element.ownerDocument.defaultView?.getComputedStyle(element);
    if (!style || !element.parentElement || element.closest("head")) return "";
    if (style.display === "none") return element.style.display === "none" ? "" : "display: none";
    return style.visibility === "visible" ? "" : "visibility: hidden";
  };
  const attributes = (element) => {
    const found = {};
    for (const { name, value } of element.attributes) found[name] = value;
    if (element.tagName === "INPUT" && element.type !== "hidden") found.value = element.value;
    for (const [name, on] of Object.entries(states(element))) {
      if (on) found[name] = "";
      else delete found[name];
    }
    if (flat.has(element)) found.style = (found.style ?? "").replace(/(^|;)\s*height:[^;]*/, "");
    const state = hidden(element);
    if (state) found.style = `${found.style ? found.style.replace(/;?\s*$/, "; ") : ""}${state}`;
    return found;
  };
  const inside = (element) => {
    if (element.tagName === "TEXTAREA") return [element.value];
    if (element.tagName !== "IFRAME") return children(element);
    try {
      return element.contentDocument?.documentElement ? [tree(element.contentDocument.documentElement)] : [];
    } catch {
      return [];
    }
  };
  const children = (element) => {
    const found = [];
    for (const child of element.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) found.push(child.data);
      else if (child.nodeType === Node.ELEMENT_NODE && !behind.has(child.tagName.toUpperCase()) && !left.has(child)) found.push(tree(child));
    }
    return found;
  };
  const tree = (element) => [element.tagName.toLowerCase(), attributes(element), inside(element)];
  return JSON.stringify(tree(document.documentElement));
}
