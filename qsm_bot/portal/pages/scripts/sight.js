// Which of several elements people have before their eyes. It asks the browser by what stood there
// from the beginning: a page may replace its own functions later, iterators among them.
const qsmSight = (() => {
  const { apply, getOwnPropertyDescriptor: described } = Reflect;
  const getter = (owner, name) => {
    const { get } = described(owner, name);
    return (of) => apply(get, of, []);
  };
  const method = (owner, name) => {
    const native = owner.prototype[name];
    return (of, ...given) => apply(native, of, given);
  };
  const [isVisible, rects, contains, connected] = [
    method(Element, "checkVisibility"), method(Element, "getClientRects"), method(Node, "contains"),
    getter(Node.prototype, "isConnected"),
  ];
  const [left, top, width, height] =
    ["left", "top", "width", "height"].map((name) => getter(DOMRectReadOnly.prototype, name));
  const [innerWidth, innerHeight, scrollX] =
    ["innerWidth", "innerHeight", "scrollX"].map((name) => getter(window, name));
  const [at, root] = [method(Document, "elementFromPoint"), getter(Document.prototype, "documentElement")];
  const wide = getter(Element.prototype, "scrollWidth");
  const [HIDDEN, COVERED, ELSEWHERE, HERE] = [0, 1, 2, 3];

  const drawn = (element) => rects(element).length > 0 && isVisible(element, { visibilityProperty: true });
  const area = (element) => {
    const boxes = rects(element);
    for (let i = 0; i < boxes.length; i++) if (width(boxes[i]) > 0 && height(boxes[i]) > 0) return boxes[i];
    return null;
  };
  // Pages put away what nobody is to see: transparent, without a size, far beyond the left edge,
  // beyond the right one, cut off, or under something else.
  const grade = (element) => {
    if (!drawn(element) || !isVisible(element, { opacityProperty: true })) return HIDDEN;
    const box = area(element);
    if (!box) return HIDDEN;
    const [x, y] = [left(box) + width(box) / 2, top(box) + height(box) / 2];
    if (x >= 0 && y >= 0 && x < innerWidth(window) && y < innerHeight(window)) {
      const hit = at(document, x, y);
      return hit && contains(element, hit) ? HERE : COVERED;
    }
    const inPage = left(box) + scrollX(window);
    return inPage + width(box) > -1000 && inPage < wide(root(document)) ? ELSEWHERE : HIDDEN;
  };
  // The one that counts of what several selectors hit, in their order, or null. What was in sight
  // before stays so under a curtain, such as a page's own question. Of several that nobody sees,
  // none counts.
  const pick = (groups, before) => {
    const [covered, all] = [[], []];
    for (let i = 0; i < groups.length; i++) {
      let [best, seen] = [null, COVERED];
      for (let j = 0; j < groups[i].length; j++) {
        const grown = grade(groups[i][j]);
        if (grown > seen) [best, seen] = [groups[i][j], grown];
        if (grown === COVERED) covered[covered.length] = groups[i][j];
        all[all.length] = groups[i][j];
      }
      if (best) return best;
    }
    if (before && connected(before) && grade(before) === COVERED) return before;
    if (covered.length) return covered.length === 1 ? covered[0] : null;
    return all.length === 1 ? all[0] : null;
  };
  return { drawn, pick };
})();
