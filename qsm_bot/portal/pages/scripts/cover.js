// What lies over an element: key names it; "" is the cell of the row that was just revealed.
({ key }, { find }) => {
  const target = key ? find(key).find(qsmSeen) : document.querySelector("[data-qsm-bot-cell]");
  if (!target) return null;
  target.scrollIntoView({ block: "center", inline: "nearest" });
  return qsmCover(target);
}
