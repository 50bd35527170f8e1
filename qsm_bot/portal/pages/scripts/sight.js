// Which of several elements people have before their eyes, and what it says. It asks the browser by
// what stood there from the beginning: a page may replace its functions later.
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
  const [isVisible, rects, bounds, closest, within, tagOf] =
    ["checkVisibility", "getClientRects", "getBoundingClientRect", "closest", "querySelectorAll"]
      .map((name) => method(Element, name)).concat(getter(Element.prototype, "tagName"));
  const [contains, connected, parentOf, textOf] = [method(Node, "contains"), getter(Node.prototype, "isConnected"),
    getter(Node.prototype, "parentElement"), getter(Node.prototype, "textContent")];
  const [left, top, right, bottom] =
    ["left", "top", "right", "bottom"].map((name) => getter(DOMRectReadOnly.prototype, name));
  const [innerWidth, innerHeight, scrollX, scrollY] =
    ["innerWidth", "innerHeight", "scrollX", "scrollY"].map((name) => getter(window, name));
  const [newRange, allAt] = [method(Document, "createRange"), method(Document, "elementsFromPoint")];
  const [root, body] = ["documentElement", "body"].map((name) => getter(Document.prototype, name));
  const [pageWidth, pageHeight, shownWidth, movedX, movedY] =
    ["scrollWidth", "scrollHeight", "clientWidth", "scrollLeft", "scrollTop"].map((name) => getter(Element.prototype, name));
  const [around, rangeRects] = [method(Range, "selectNodeContents"), method(Range, "getClientRects")];
  const [computed, property] = [getComputedStyle.bind(window), method(CSSStyleDeclaration, "getPropertyValue")];
  const [boxValue, areaValue, options, chosenAt, label] = [
    getter(HTMLInputElement.prototype, "value"), getter(HTMLTextAreaElement.prototype, "value"),
    getter(HTMLSelectElement.prototype, "options"), getter(HTMLSelectElement.prototype, "selectedIndex"),
    getter(HTMLOptionElement.prototype, "label"),
  ];
  const [normalize, trim, codeAt] = ["normalize", "trim", "charCodeAt"].map((name) => method(String, name));
  const [min, max] = [Math.min, Math.max];
  const [HIDDEN, FAINT, COVERED, ELSEWHERE, HERE] = [0, 1, 2, 3, 4];
  const LEAST = 3; // pixels: what is left of a text that a page keeps for screen readers only
  const SHORTEST = 6; // digits of an order's number

  const style = (element, name) => property(computed(element), name);
  const isOneOf = (value, one, other) => value === one || value === other;
  const drawn = (element) => rects(element).length > 0 && isVisible(element, { visibilityProperty: true });

  const written = (control) => {
    if (tagOf(control) === "INPUT") return boxValue(control);
    if (tagOf(control) === "TEXTAREA") return areaValue(control);
    const chosen = options(control)[chosenAt(control)];
    return chosen ? label(chosen) : "";
  };
  const isControl = (element) => isOneOf(tagOf(element), "INPUT", "TEXTAREA") || tagOf(element) === "SELECT";
  // What an element says: its text, or what is written in it, or in the only box within it.
  const says = (element) => {
    if (isControl(element)) return written(element);
    const text = textOf(element);
    const boxes = within(element, "input:not([type]), input[type=text]");
    return trim(text) === "" && boxes.length === 1 ? boxValue(boxes[0]) : text;
  };
  // The first number in it that may be an order's, blanks aside; "" = none.
  const numberIn = (element) => {
    const text = normalize(says(element), "NFKC");
    let digits = "";
    for (let i = 0; i < text.length; i++) {
      const code = codeAt(text, i);
      if (code >= 48 && code <= 57) digits += text[i];
      else if (trim(text[i]) !== "" && code !== 0x200b) {
        if (digits.length >= SHORTEST) break;
        digits = "";
      }
    }
    return digits.length < SHORTEST ? "" : digits;
  };

  // An element that has no box of its own is shown in that of the next one above.
  const hostOf = (element) => {
    let host = element;
    while (host && !rects(host).length && style(host, "display") === "contents") host = parentOf(host);
    return host ?? element;
  };
  // Where its text stands: the middle of a cell may be far from it.
  const textBox = (element) => {
    let boxes = rects(element);
    if (!isControl(element) && trim(textOf(element)) !== "") {
      const range = newRange(document);
      around(range, element);
      boxes = rangeRects(range);
    }
    for (let i = 0; i < boxes.length; i++) {
      const [l, t, r, b] = [left(boxes[i]), top(boxes[i]), right(boxes[i]), bottom(boxes[i])];
      if (r > l && b > t) return [l, t, r, b];
    }
    return null;
  };
  const cut = (one, other) =>
    [max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])];
  const isEmpty = (box, least) => box[2] - box[0] < least || box[3] - box[1] < least;
  // Whether people can come to see it: nothing cuts it off, and no scrolling is in vain.
  const isWithinReach = (element, box) => {
    let [kept, fixed, held] = [box, false, true];
    const page = root(document);
    // What the page says of its own overflow is the window's; else what its body says is.
    const ownBody = style(page, "overflow-x") !== "visible" || style(page, "overflow-y") !== "visible";
    for (let node = element; node && node !== page; node = parentOf(node)) {
      if (node === body(document) && !ownBody) break;
      const place = style(node, "position");
      held ||= place !== "static" || style(node, "transform") !== "none";
      const [x, y] = [style(node, "overflow-x"), style(node, "overflow-y")];
      if (held && (x !== "visible" || y !== "visible")) {
        const outer = bounds(node);
        const window_ = [left(outer), top(outer), right(outer), bottom(outer)];
        const inside = cut(kept, window_);
        // What a part that scrolls has moved away comes back: then the part itself must be there.
        const scrolls = isOneOf(x, "auto", "scroll") || isOneOf(y, "auto", "scroll") || movedX(node) !== 0 || movedY(node) !== 0;
        kept = scrolls && isEmpty(inside, LEAST) ? window_ : inside;
        if (isEmpty(kept, LEAST)) return false;
      }
      if (place === "fixed") {
        fixed = true;
        break;
      }
      if (place === "absolute") held = false;
    }
    if (fixed) return !isEmpty(cut(kept, [0, 0, innerWidth(window), innerHeight(window)]), 1);
    const locks = (each) => each && isOneOf(style(each, "overflow-x"), "hidden", "clip");
    const [dx, dy] = [scrollX(window), scrollY(window)];
    const across = locks(ownBody ? page : body(document)) ? [0, innerWidth(window)]
      : style(page, "direction") === "rtl" ? [shownWidth(page) - pageWidth(page) - dx, shownWidth(page) - dx]
        : [-dx, pageWidth(page) - dx];
    return !isEmpty(cut(kept, [across[0], -dy, across[1], pageHeight(page) - dy]), 1);
  };
  const grade = (element) => {
    const host = hostOf(element);
    const box = drawn(host) ? textBox(element) : null;
    if (!box || !isWithinReach(host, box)) return HIDDEN;
    if (!isVisible(host, { opacityProperty: true })) return FAINT;
    const [x, y] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
    if (x < 0 || y < 0 || x >= innerWidth(window) || y >= innerHeight(window)) return ELSEWHERE;
    // What takes no clicks is seen all the same.
    if (style(host, "pointer-events") === "none" || closest(host, "[inert]")) return HERE;
    const hits = allAt(document, x, y);
    return hits.length && contains(host, hits[0]) ? HERE : COVERED;
  };
  // Whether one of the others lies over the element, beneath whatever else is over both.
  const isOverlaid = (element, others) => {
    const box = textBox(element);
    const stack = box ? allAt(document, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2) : [];
    for (let i = 0; i < stack.length && !contains(stack[i], element); i++) {
      for (let j = 0; j < others.length; j++) {
        if (others[j] !== element && (contains(stack[i], others[j]) || contains(others[j], stack[i]))) return true;
      }
    }
    return false;
  };
  // The one that says least but a number, or the first, if none names another number; else null.
  const agreed = (elements) => {
    let [best, number] = [elements[0] ?? null, ""];
    for (let i = 0; i < elements.length; i++) {
      const named = numberIn(elements[i]);
      if (named === "") continue;
      if (number !== "" && named !== number) return null;
      if (number === "" || says(elements[i]).length < says(best).length) best = elements[i];
      number = named;
    }
    return best;
  };
  const joined = (one, other) => {
    const all = [];
    for (let i = 0; i < one.length; i++) all[all.length] = one[i];
    for (let i = 0; i < other.length; i++) all[all.length] = other[i];
    return all;
  };
  // The one that counts of what several selectors hit, or null: what is in sight; then what was
  // before, as it may be scrolled away or lie under a curtain; then what can be scrolled to. Where
  // they name different numbers, none counts; what nobody can come to see never does.
  const pick = (groups, before) => {
    const [all, by] = [[], [[], [], [], [], []]];
    for (let i = 0; i < groups.length; i++) {
      for (let j = 0; j < groups[i].length; j++) {
        const one = groups[i][j];
        let known = false;
        for (let k = 0; k < all.length; k++) known ||= contains(all[k], one) || contains(one, all[k]);
        if (known) continue;
        all[all.length] = one;
        const list = by[grade(one)];
        list[list.length] = one;
      }
    }
    if (by[HERE].length) return agreed(joined(by[HERE], by[ELSEWHERE]));
    const kept = before && connected(before) ? grade(before) : HIDDEN;
    if (kept === ELSEWHERE) return before;
    if (kept === COVERED) return isOverlaid(before, by[COVERED]) ? null : before;
    const rest = joined(by[ELSEWHERE], by[COVERED]);
    if (rest.length) return agreed(rest);
    return by[FAINT].length === 1 ? by[FAINT][0] : null;
  };
  return { drawn, pick, says };
})();
