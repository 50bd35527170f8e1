// The layers of the page that ask or tell something: their text, and what their buttons say.
// order.selectors: where layers are
({ selectors }) => {
  const hits = selectors.flatMap((each) => qsmAll(each, document)).filter(qsmSeen);
  const outer = hits.filter((hit) => !hits.some((other) => other !== hit && other.contains(hit)));
  return [...new Set(outer)].map(qsmLayer);
}
