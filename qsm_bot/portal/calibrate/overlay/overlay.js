// Lets a person point at one element. A frame lies over the whole page: what is done with mouse
// and keys happens in the frame's own document, and no handler of the page hears of it.
// order: { kind, ask, hint, keys, skip, beside }; of the kind "wait" it asks for nothing, and
// only keeps the person's clicks and keys from the page while the program works.
(order) => {
  const NEAR = 190;
  const STYLE = `
    * { box-sizing: border-box }
    html, body { margin: 0; height: 100%; overflow: hidden; background: transparent; cursor: crosshair; outline: none;
      font: 16px/1.5 "Hiragino Sans", "Yu Gothic UI", Meiryo, "Noto Sans CJK JP", "Noto Sans JP", IPAPGothic, sans-serif }
    #bar { position: fixed; left: 50%; top: 16px; transform: translateX(-50%); width: min(860px, calc(100% - 32px));
      display: flex; gap: 16px; align-items: center; padding: 14px 18px; border-radius: 12px; cursor: default;
      background: #14213d; color: #fff; box-shadow: 0 6px 28px rgba(10, 20, 45, .45); border: 2px solid #fca311 }
    #bar.low { top: auto; bottom: 16px }
    #words { flex: 1 } #ask { font-size: 20px; font-weight: 700; line-height: 1.35 }
    #hint { font-size: 13px; color: #d5dcea; margin-top: 2px } #hint:empty, #trouble:empty { display: none }
    #trouble { font-size: 14.5px; font-weight: 700; color: #14213d; background: #ffd7cf; border-radius: 6px; padding: 5px 10px; margin-top: 8px }
    #skip { font: inherit; font-size: 14px; color: #fff; background: transparent; border: 1px solid #8e9bb8; border-radius: 8px;
      padding: 6px 14px; white-space: nowrap; cursor: pointer }
    #skip:hover { background: #2b3a5f }
    #box { position: fixed; display: none; border: 3px solid #e85d04; border-radius: 4px; background: rgba(252, 163, 17, .22);
      box-shadow: 0 0 0 2px #fff; pointer-events: none }
    #tag { position: fixed; display: none; max-width: 420px; padding: 3px 10px; border-radius: 6px; font-size: 13px; background: #e85d04; color: #fff;
      white-space: nowrap; overflow: hidden; text-overflow: ellipsis; pointer-events: none; font-weight: 600 }`;
  const frame = document.createElement("iframe");
  frame.title = "qsm-bot";
  frame.setAttribute("popover", "manual");
  frame.style.cssText = "position:fixed;inset:0;width:100vw;height:100vh;max-width:none;max-height:none;margin:0;padding:0;" +
    "border:0;background:transparent;color-scheme:light;z-index:2147483647";
  // A modal dialog takes all clicks but those within it.
  ([...document.querySelectorAll("dialog:modal")].at(-1) ?? document.documentElement).append(frame);
  frame.showPopover?.();
  const inside = frame.contentDocument;
  const window_ = frame.contentWindow;
  const style = new window_.CSSStyleSheet();
  style.replaceSync(STYLE);
  inside.adoptedStyleSheets = [style];
  inside.documentElement.lang = order.lang;
  const make = (tag, id, parent, text = "") => {
    const element = inside.createElement(tag);
    Object.assign(element, { id, textContent: text });
    parent.append(element);
    return element;
  };
  const box = make("div", "box", inside.body);
  const tag = make("div", "tag", inside.body);
  const bar = make("div", "bar", inside.body);
  const words = make("div", "words", bar);
  make("div", "ask", words, order.ask);
  make("div", "hint", words, order.hint);
  make("div", "hint", words, order.keys);
  const trouble = make("div", "trouble", words);
  const skip = make("button", "skip", bar, order.skip);
  const asks = order.kind !== "wait";
  skip.hidden = !asks;
  if (!asks) inside.documentElement.style.cursor = "progress";
  inside.body.tabIndex = -1;

  const state = { answer: null, taken: null, shown: null, index: -1 };
  const under = (doc, x, y) => {
    const top = doc.elementsFromPoint(x, y).find((one) => one !== frame) ?? null;
    if (top?.localName !== "iframe" && top?.localName !== "frame") return top;
    // A frame of another origin hides its document.
    const inner = top.contentDocument;
    const at = top.getBoundingClientRect();
    return (inner && under(inner, x - at.left - top.clientLeft, y - at.top - top.clientTop)) ?? top;
  };
  const whereIs = (element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    let [x, y] = [left, top];
    for (let host = element.ownerDocument.defaultView?.frameElement; host; host = host.ownerDocument.defaultView?.frameElement) {
      const outer = host.getBoundingClientRect();
      [x, y] = [x + outer.left + host.clientLeft, y + outer.top + host.clientTop];
    }
    return { x, y, width, height };
  };
  const onlyOne = (element, selector) => {
    const hits = element.querySelectorAll(selector);
    return hits.length === 1 ? hits[0] : null;
  };
  const deepest = (element) => {
    const same = [...element.children].find((one) => qsmText(one) && qsmText(one) === qsmText(element));
    return same ? deepest(same) : element;
  };
  // A person points at a spot; what is meant is the control, or the table, around or in it.
  const meant = {
    button: (element) => element.closest(CLICKABLE) ?? element,
    select: (element) => element.closest("select") ?? onlyOne(element, "select") ?? element,
    box: (element) => onlyOne(element, TEXT_BOX) ?? element,
    number: deepest,
    grid: (element) => ancestors(element).find(isGrid) ?? element,
    text: deepest,
  }[order.kind];
  const fits = {
    button: (element) => element.matches(CLICKABLE) && element.parentElement?.closest(CLICKABLE) === null,
    select: (element) => element.localName === "select",
    box: (element) => element.matches(TEXT_BOX),
    number: (element) => !element.firstElementChild && DIGITS.test(qsmText(element)),
    grid: (element) => isGrid(element) && ![...element.children].some(isGrid),
    text: (element) => !element.firstElementChild && qsmText(element) !== "" && !element.matches("option, script, style"),
  }[order.kind];
  const documents = (doc) => [doc, ...[...doc.querySelectorAll("iframe, frame")]
    .filter((one) => one !== frame && one.contentDocument).flatMap((one) => documents(one.contentDocument))];
  const choices = () => documents(document)
    .flatMap((doc) => [...doc.querySelectorAll("body, body *")]).filter((one) => one !== frame && qsmSeen(one) && fits(one));

  const draw = () => {
    const element = state.shown;
    for (const one of [box, tag]) one.style.display = element?.isConnected ? "block" : "none";
    if (!element?.isConnected) return;
    const { x, y, width, height } = whereIs(element);
    box.style.cssText += `;left:${x - 4}px;top:${y - 4}px;width:${width + 8}px;height:${height + 8}px`;
    const label = qsmLabel(element).slice(0, 60);
    tag.textContent = (state.index < 0 ? "" : `${state.index + 1}/${state.count}  `) + (label || `<${tagOf(element)}>`);
    const above = y > 40;
    tag.style.cssText += `;left:${Math.max(4, x - 4)}px;top:${above ? y - 34 : y + height + 8}px`;
    // The bar leaves the half of the window in which somebody is pointing.
    const middle = y + Math.min(height, 40) / 2;
    if (middle < NEAR) bar.classList.add("low");
    if (middle > innerHeight - NEAR) bar.classList.remove("low");
  };
  const show = (element, index = -1) => {
    Object.assign(state, { shown: element, index });
    draw();
  };
  const take = (element) => {
    if (state.answer || !element) return;
    Object.assign(state, { taken: element, answer: "taken" });
    show(element, state.index);
  };
  const walk = (step) => {
    const all = choices();
    if (!all.length) return;
    const now = all.indexOf(state.shown);
    const next = now < 0 ? (step > 0 ? 0 : all.length - 1) : (now + step + all.length) % all.length;
    all[next].scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
    state.count = all.length;
    show(all[next], next);
  };
  const at = (event) => {
    const found = under(document, event.clientX, event.clientY);
    return found && meant(found);
  };
  const leave = () => { state.answer ??= "skipped"; };
  const keys = {
    Tab: (event) => walk(event.shiftKey ? -1 : 1),
    ArrowDown: () => walk(1), ArrowRight: () => walk(1), ArrowUp: () => walk(-1), ArrowLeft: () => walk(-1),
    Enter: () => take(state.shown), Escape: leave,
    PageDown: () => window.scrollBy(0, innerHeight * 0.8), PageUp: () => window.scrollBy(0, -innerHeight * 0.8),
    Home: () => window.scrollTo(0, 0), End: () => window.scrollTo(0, document.documentElement.scrollHeight),
  };
  window_.addEventListener("pointermove", (event) => {
    if (!asks) return;
    if (!bar.contains(event.target)) show(at(event));
    // Whatever lies under the bar must be reachable, too.
    else if (words.contains(event.target)) bar.classList.toggle("low");
  });
  window_.addEventListener("click", (event) => {
    if (!asks) return;
    if (event.target === skip) leave();
    else if (!bar.contains(event.target)) take(at(event));
  });
  window_.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (asks) keys[event.key]?.(event);
  });
  window_.addEventListener("contextmenu", (event) => event.preventDefault());
  // Under the frame lie boxes that scroll by themselves; the first that can takes the wheel.
  window_.addEventListener("wheel", (event) => {
    event.preventDefault();
    const { deltaX, deltaY } = event;
    for (const one of ancestors(under(document, event.clientX, event.clientY))) {
      const before = [one.scrollLeft, one.scrollTop];
      const how = one === document.documentElement || one === document.body ? "auto" : getComputedStyle(one).overflowY;
      if (how === "visible" || how === "hidden") continue;
      one.scrollBy({ left: deltaX, top: deltaY, behavior: "instant" });
      if (one.scrollLeft !== before[0] || one.scrollTop !== before[1]) break;
    }
    if (asks) show(at(event));
  }, { passive: false });
  // Not on the page's window: its handlers are its own. Each look of the program draws anew.
  const focus = () => {
    if (document.activeElement === frame && inside.hasFocus()) return;
    frame.focus();
    inside.body.focus({ preventScroll: true });
  };
  focus();
  return {
    poll: () => { focus(); draw(); return state.answer; },
    describe: () => ({
      ...describe(state.taken, order.beside), framed: state.taken.ownerDocument !== document,
    }),
    match: (selectors) => selectors.map((selector) => {
      const hits = matching(selector, state.taken.ownerDocument);
      return { count: hits.length, same: hits[0] === state.taken, number: hits.length > 0 && DIGITS.test(qsmText(hits[0])) };
    }),
    layers: () => layersAround(state.taken),
    complain: (text) => {
      Object.assign(state, { answer: null, taken: null });
      trouble.textContent = text;
    },
    close: () => frame.remove(),
  };
}
