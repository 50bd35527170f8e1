// The layers of the page that ask or tell something: their text, and what their buttons say.
// order.selectors: where layers are
({ selectors }) => {
  const even = (text) => text.replace(/\s+/g, " ").trim();
  const BUTTONS = "button, a, input[type=button], input[type=submit], [role=button]";
  const hits = selectors.flatMap((each) => qsmAll(each, document)).filter(qsmSeen);
  const outer = hits.filter((hit) => !hits.some((other) => other !== hit && other.contains(hit)));
  return [...new Set(outer)].map((layer) => {
    const said = layer.cloneNode(true);
    for (const each of said.querySelectorAll(`${BUTTONS}, script, style`)) each.remove();
    return { text: even(said.textContent), buttons: [...layer.querySelectorAll(BUTTONS)].filter(qsmSeen).map(qsmLabel).map(even) };
  });
}
