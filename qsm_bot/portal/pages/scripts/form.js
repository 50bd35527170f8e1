// The section キャンセル拒否 as it stands: pull-downs, their options, the text, the buttons.
// With order.wanted it waits until that reason is offered, since pages may fill in the list late.
async ({ wanted, limit }, { find }) => {
  const deadline = performance.now() + (limit ?? 0);
  const even = (text) => text.normalize("NFKC").replace(/\s+/g, " ").trim();
  const offered = () =>
    find("reason").some((select) => [...select.options].some(({ label }) => even(label) === wanted));
  const buttons = () => find("refuse_button").filter((button) => qsmSeen(button) && !button.disabled);
  while (wanted && !offered() && performance.now() < deadline) await qsmTick();
  return {
    selects: find("reason").map((select) =>
      [...select.options].map((option) => ({ label: option.label, value: option.value, selected: option.selected }))),
    text: find("reason_text").map((box) => box.value)[0] ?? "",
    posts: find("reason").some((select) => /__doPostBack|submit\s*\(/.test(select.getAttribute("onchange") ?? "")),
    buttons: buttons().map(qsmLabel),
  };
}
