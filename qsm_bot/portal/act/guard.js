// Stands in each page and frame before any script of theirs, and decides about the press at its
// own events: a click on キャンセル拒否 passes only while 取引情報, the reason and the text are the
// approved ones, once, and only if it is the one that was armed just before. It says what it saw.
// What it needs of the browser it keeps from the beginning: a page may replace all of it later.
(() => {
  "use strict";
  @SIGHT@
  const [KEY, NAME, TELL] = ["@KEY@", "@NAME@", "@TELL@"];
  if (window[NAME]) return;
  const { apply, getOwnPropertyDescriptor: described, defineProperty, construct } = Reflect;
  const getter = (owner, name) => {
    const { get } = described(owner.prototype, name);
    return (of) => apply(get, of, []);
  };
  const method = (owner, name) => {
    const native = owner.prototype[name];
    return (of, ...given) => apply(native, of, given);
  };
  const toJson = JSON.stringify;
  const told = window[TELL];
  delete window[TELL];
  const now = performance.now.bind(performance);
  const askNative = window.confirm;
  const listen = method(EventTarget, "addEventListener");
  const [normalize, codeAt, slice, indexOf, upper] =
    ["normalize", "charCodeAt", "slice", "indexOf", "toUpperCase"].map((name) => method(String, name));
  const [queryAll, within, evaluate] =
    [method(Document, "querySelectorAll"), method(Element, "querySelectorAll"), method(Document, "evaluate")];
  const [count, item] = [getter(XPathResult, "snapshotLength"), method(XPathResult, "snapshotItem")];
  const isConnected = getter(Node, "isConnected");
  const [tagOf, attribute] = [getter(Element, "tagName"), method(Element, "getAttribute")];
  const [boxValue, areaValue] = [getter(HTMLInputElement, "value"), getter(HTMLTextAreaElement, "value")];
  const [boxName, off] = [getter(HTMLInputElement, "name"), method(Element, "matches")];
  const [optionsOf, chosenAt, selectName] =
    [getter(HTMLSelectElement, "options"), getter(HTMLSelectElement, "selectedIndex"), getter(HTMLSelectElement, "name")];
  const [labelOf, optionValue] = [getter(HTMLOptionElement, "label"), getter(HTMLOptionElement, "value")];
  const [typeOf, pathOf] = [getter(Event, "type"), method(Event, "composedPath")];
  const [stopAll, prevent] = [method(Event, "stopImmediatePropagation"), method(Event, "preventDefault")];

  // Width and blanks aside, as people read it. No regular expressions: pages may replace theirs.
  const even = (text) => {
    const plain = normalize(`${text ?? ""}`, "NFKC");
    let [kept, gap] = ["", false];
    for (let at = 0; at < plain.length; at++) {
      const code = codeAt(plain, at);
      if (code === 32 || (code >= 9 && code <= 13) || code === 160 || code === 0x3000) gap = kept !== "";
      else {
        kept += (gap ? " " : "") + plain[at];
        gap = false;
      }
    }
    return kept;
  };
  const listOf = (hits) => {
    const found = [];
    for (let at = 0; at < hits.length; at++) found[at] = hits[at];
    return found;
  };
  const all = (selector) => {
    const [kind, query] = [slice(selector, 0, indexOf(selector, "=")), slice(selector, indexOf(selector, "=") + 1)];
    if (kind === "css") return listOf(queryAll(document, query));
    const hits = evaluate(document, query, document, null, 7, null);
    const found = [];
    for (let at = 0; at < count(hits); at++) found[at] = item(hits, at);
    return found;
  };
  const first = (selectors) => {
    for (let at = 0; at < selectors.length; at++) {
      const hits = all(selectors[at]);
      if (hits.length) return hits;
    }
    return [];
  };
  // What people see counts: a pane of another order may lie hidden beside it, or before it.
  const inSight = (selectors, before) => {
    const groups = [];
    for (let at = 0; at < selectors.length; at++) groups[at] = all(selectors[at]);
    const place = qsmSight.pick(groups, before);
    return place ? [place] : [];
  };
  const tag = (element) => upper(tagOf(element));
  const shown = (element) => even(qsmSight.says(element));
  const written = (element) => (tag(element) === "TEXTAREA" ? areaValue : boxValue)(element);
  const usable = (element) => qsmSight.drawn(element) && !off(element, ":disabled");

  let armed = null; // what this press must find, or null
  let shared = false; // whether a worker runs here whose requests nobody sees

  const say = (what) => {
    if (told) apply(told, window, [toJson({ token: armed.token, ...what })]);
  };
  // Elements are looked up anew at the first and the last event; between, what was found counts
  // as long as it is in the page.
  const places = (anew) => {
    const { at, found } = armed;
    const stale = (old) => anew || !old.length || !isConnected(old[0]);
    if (stale(found.order)) found.order = inSight(at.order, found.order[0]);
    if (stale(found.reason)) found.reason = first(at.reason);
    if (stale(found.text)) found.text = inSight(at.text, found.text[0]);
    return found;
  };
  const chosen = (select) => optionsOf(select)[chosenAt(select)];

  // Hidden fields that name another order of the list. Where numbered fields of one kind name
  // several orders, they are the list's own rows.
  const hiddenOrders = () => {
    const [kinds, found] = [{ __proto__: null }, []];
    const boxes = listOf(queryAll(document, "input[type=hidden]"));
    for (let at = 0; at < boxes.length; at++) {
      const value = even(boxValue(boxes[at]));
      if (!armed.listed[value]) continue;
      const name = boxName(boxes[at]) || attribute(boxes[at], "id") || "";
      let kind = "";
      for (let i = 0; i < name.length; i++) {
        const digit = codeAt(name, i) >= 48 && codeAt(name, i) <= 57;
        if (!digit) kind += name[i];
        else if (kind[kind.length - 1] !== "#") kind += "#";
      }
      const seen = (kinds[kind] ??= { first: value, name, several: false, other: null });
      if (seen.first !== value && name !== seen.name) seen.several = true;
      if (value !== armed.order) seen.other = value;
    }
    for (const kind in kinds) {
      const { name, several, other } = kinds[kind];
      if (other && !several) found[found.length] = { what: "hidden", name, seen: other, wanted: armed.order };
    }
    return found;
  };

  // Everything that is not as approved, now.
  const look = (anew) => {
    const wrong = [];
    const miss = (what, wanted, seen) => { wrong[wrong.length] = { what, wanted, seen }; };
    const { order, reason, text } = places(anew);
    const number = order.length ? shown(order[0]) : "";
    if (number !== armed.order) miss("order", armed.order, number);
    if (armed.reason !== null) {
      const option = reason.length === 1 && tag(reason[0]) === "SELECT" ? chosen(reason[0]) : null;
      const label = option ? labelOf(option) : "";
      if (even(label) !== armed.reason) miss("reason", armed.reason, label);
    }
    if (armed.text !== null) {
      const seen = text.length ? written(text[0]) : "";
      if (seen !== armed.text) miss("text", armed.text, seen);
    }
    const hidden = hiddenOrders();
    for (let at = 0; at < hidden.length; at++) wrong[wrong.length] = hidden[at];
    return wrong;
  };
  const judged = (anew) => {
    let wrong;
    try {
      wrong = look(anew);
    } catch (problem) {
      wrong = [{ what: "unreadable", wanted: "", seen: `${problem}` }];
    }
    if (wrong.length) armed.stopped = true;
    return wrong;
  };

  const isOn = (event, element) => {
    const path = pathOf(event);
    for (let at = 0; at < path.length; at++) if (path[at] === element) return true;
    return false;
  };
  const stop = (event) => {
    stopAll(event);
    prevent(event);
  };
  const FIRST = "pointerdown";
  const LAST = "click";
  const guard = (event) => {
    if (!armed) return;
    const [type, onButton] = [typeOf(event), isOn(event, armed.button)];
    if (armed.spent || now() > armed.until) {
      // The press is over: nothing presses these buttons again, and all else is as ever. A page
      // that asked by a layer of its own may go on by its own button, while all is as approved.
      if (type !== LAST) return;
      if (onButton) stop(event);
      else if (isOn(event, armed.first) && (event.isTrusted || armed.went || judged(true).length)) stop(event);
      else if (isOn(event, armed.first)) armed.went = true;
      return;
    }
    if (!event.isTrusted) {
      if (onButton) stop(event);
      return;
    }
    if (!onButton || armed.stopped) return stop(event);
    const marked = type === FIRST || type === LAST;
    const wrong = judged(marked);
    if (type === LAST) armed.spent = true;
    if (wrong.length) stop(event);
    if (wrong.length || marked) say({ event: type, wrong });
  };
  const EVENTS = ["pointerdown", "mousedown", "pointerup", "mouseup", "click", "auxclick", "dblclick", "touchstart", "touchend", "keydown"];
  const watch = () => {
    for (let at = 0; at < EVENTS.length; at++) listen(window, EVENTS[at], guard, { capture: true, passive: false });
  };
  watch();

  // What the page asks is asked only while all is still as approved: between the click and the
  // question a page may have changed itself once more. Nobody looks when it asks by the question of
  // another frame, and the program goes no further: what a page calls its frames may be anything,
  // so the key is handed to none of them.
  const asks = {
    confirm(message) {
      const words = `${message ?? ""}`; // making it a string may run code of the page's
      if (armed && !armed.asked) {
        armed.asked = true;
        const wrong = armed.stopped ? [] : judged(true);
        if (wrong.length || !armed.stopped) say({ event: "confirm", wrong });
        if (armed.stopped) return false;
      }
      return apply(askNative, window, [words]);
    },
  };
  window.confirm = asks.confirm;

  if (window.SharedWorker) {
    window.SharedWorker = new Proxy(window.SharedWorker, {
      construct(target, given, made) {
        shared = true;
        return construct(target, given, made);
      },
    });
  }

  // The names by which a request may carry the press: the button's, and the pull-down's.
  const postback = (text) => {
    const from = indexOf(text, "__doPostBack(");
    if (from < 0) return "";
    const quote = text[from + 13];
    const rest = slice(text, from + 14);
    return quote === "'" || quote === '"' ? slice(rest, 0, indexOf(rest, quote)) : "";
  };
  const buttonNames = (button) => {
    const calls = `${attribute(button, "onclick") ?? ""} ${attribute(button, "href") ?? ""}`;
    return [attribute(button, "name") ?? "", attribute(button, "id") ?? "", postback(calls)];
  };
  const doors = {
    // Takes what must be found; says what is not so already, and what else the form offers.
    arm(wanted) {
      watch();
      const buttons = [];
      const hits = first(wanted.at.button);
      for (let at = 0; at < hits.length; at++) if (usable(hits[at])) buttons[buttons.length] = hits[at];
      if (buttons.length !== 1) return { wrong: [{ what: "button", wanted: "1", seen: `${buttons.length}` }] };
      const listed = { __proto__: null };
      for (let at = 0; at < wanted.listed.length; at++) listed[wanted.listed[at]] = true;
      const { order, reason, text, token, at } = wanted;
      const found = { order: [], reason: [], text: [] };
      armed = { order, reason, text, token, at, listed, found, button: buttons[0], first: buttons[0], went: false, until: now() + wanted.ms };
      const wrong = judged(true);
      const select = found.reason.length === 1 && tag(found.reason[0]) === "SELECT" ? found.reason[0] : null;
      const box = found.text[0];
      const search = first(wanted.at.search)[0];
      const options = select ? listOf(optionsOf(select)) : [];
      for (let i = 0; i < options.length; i++) {
        const option = options[i];
        options[i] = { label: even(labelOf(option)), value: optionValue(option), chosen: option === chosen(select) };
      }
      return {
        wrong,
        names: buttonNames(buttons[0]),
        select: select ? selectName(select) : "",
        box: box ? attribute(box, "name") ?? "" : "",
        ignored: search ? [attribute(search, "name") ?? "", attribute(search, "id") ?? ""] : [],
        options,
        shared: shared || Boolean(navigator.serviceWorker?.controller),
      };
    },
    // Arms the one button of a layer that says so: the question that the page itself asks.
    ask({ layer, label, ms }) {
      if (!armed || armed.stopped || armed.asked) return false;
      armed.asked = true;
      const wrong = judged(true);
      say({ event: "confirm", wrong });
      const [layers, buttons] = [all(layer), []];
      for (let i = 0; i < layers.length; i++) {
        const hits = listOf(within(layers[i], "button, a, input[type=button], input[type=submit], [role=button]"));
        for (let j = 0; j < hits.length; j++) if (usable(hits[j]) && shown(hits[j]) === label) buttons[buttons.length] = hits[j];
      }
      if (wrong.length || buttons.length !== 1) return false;
      armed.button = buttons[0];
      armed.spent = false;
      armed.until = now() + ms;
      return true;
    },
    disarm() {
      armed = null;
      return true;
    },
  };
  defineProperty(window, NAME, {
    value: (key, door, given) => (key === KEY ? doors[door](given) : null),
    enumerable: false, writable: false, configurable: false,
  });
})();
