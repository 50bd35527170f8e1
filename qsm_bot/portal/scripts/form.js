// The section キャンセル拒否 as it stands: pull-downs, their options, the text, the buttons.
(_, { find }) => ({
  selects: find("reason").map((select) =>
    [...select.options].map((option) => ({ label: option.label, value: option.value, selected: option.selected }))),
  text: find("reason_text").map((box) => box.value)[0] ?? "",
  buttons: find("refuse_button").filter((button) => qsmSeen(button) && !button.disabled).map(qsmText),
})
