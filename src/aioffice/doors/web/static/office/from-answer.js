"use strict";
// An answer of the compliance checker that waits in this tab, and nowhere else, is brought along by itself, also after signing in.

const form = document.querySelector("form[data-carried]");
const carried = sessionStorage.getItem("aioffice-answers");
sessionStorage.removeItem("aioffice-answers");
if (form && carried) {
  const input = document.createElement("input");
  input.type = "hidden";
  input.name = "answers";
  input.value = carried;
  form.append(input);
  form.submit();
}
