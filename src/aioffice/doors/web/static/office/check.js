"use strict";
// The compliance checker: keeps the answers in the address behind the "#", which is never sent, so that reloading, changing the
// language and sharing a link lose nothing. Without this script the checker asks and answers all the same.

const form = document.querySelector("form[data-check]");

function answers() {
  const given = new FormData(form);
  given.delete("do");
  given.delete("question");
  for (const [name, value] of [...given]) if (!value) given.delete(name);
  return new URLSearchParams(given).toString();
}

function remember() {
  const given = answers();
  if (!given) return;
  history.replaceState(history.state, "", `${location.pathname}#${given}`);
  for (const link of document.querySelectorAll("a[hreflang]")) link.hash = given;
}

// A link that somebody shared: its answers are sent as if they had been given here.
function takeUp({ anew = false } = {}) {
  const given = [...new URLSearchParams(location.hash.slice(1))].filter(([, value]) => value);
  if (!given.length || (form.dataset.check === "given" && !anew)) return false;
  const sent = document.createElement("form");
  sent.method = "post";
  for (const [name, value] of [...given, ["do", "result"]]) {
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = name;
    input.value = value;
    sent.append(input);
  }
  document.body.append(sent);
  sent.submit();
  return true;
}

if (form && !takeUp()) {
  remember();
  form.addEventListener("change", remember);
  window.addEventListener("hashchange", () => takeUp({ anew: true }));
  for (const button of form.querySelectorAll("[data-copy-link]")) {
    if (!navigator.clipboard) break;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(location.href);
      button.textContent = button.dataset.copied;
    });
  }
  for (const link of form.querySelectorAll("[data-carry]")) {
    link.addEventListener("click", () => sessionStorage.setItem("aioffice-answers", answers()));
  }
  for (const button of form.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      for (const details of form.querySelectorAll("details")) details.open = true;
      window.print();
    });
  }
}
