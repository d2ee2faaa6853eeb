"use strict";
// After a draft has saved itself: remember which draft it is, and show the fields that the answers so far call for.
// Without this script the page asks the same by sending itself again.

function remember(form, saved) {
  for (const [name, value] of [["_draft", saved.draft], ["_seen", saved.seen]]) {
    const field = form.elements[name];
    if (field) field.value = value;
  }
  if (saved.page) history.replaceState(history.state, "", saved.page);
}

function ask(form, asking) {
  for (const wrapper of form.querySelectorAll("[data-asked]")) {
    const name = wrapper.dataset.asked;
    if (name.includes(".")) continue;
    wrapper.hidden = asking.left_out.includes(name);
  }
  const leftOut = form.elements["_left_out"];
  if (leftOut) leftOut.value = asking.left_out.join(",");
  const box = form.querySelector("[data-asking]");
  if (!box) return;
  for (const [place, words] of [["title", asking.title], ["explanation", asking.explanation]]) {
    const shown = box.querySelector(`[data-asking-${place}]`);
    if (shown && shown.textContent !== words) shown.textContent = words;
  }
}

document.addEventListener("draft:saved", (event) => {
  remember(event.target, event.detail);
  if (event.detail.asking) ask(event.target, event.detail.asking);
});
