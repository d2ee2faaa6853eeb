"use strict";
// Makes pages that work without it a little better: budgets counted while typing, drafts that save themselves,
// filters shut on a phone. No page depends on it.

const wide = window.matchMedia("(width >= 996px)");

function shutWhenNarrow() {
  for (const details of document.querySelectorAll("details[data-shut-when-narrow]")) {
    details.open = wide.matches;
  }
}

// A button below each command and key: what is copied is the text as it is, wherever the page breaks its lines.
function offerCopies() {
  if (!navigator.clipboard) return;
  for (const pre of document.querySelectorAll("[data-copy] pre")) {
    const words = pre.closest("[data-copy]").dataset;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ecl-button ecl-button--secondary ecl-button--s";
    button.textContent = words.copy;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(pre.textContent);
      button.textContent = words.copied;
      setTimeout(() => (button.textContent = words.copy), 2000);
    });
    const place = document.createElement("p");
    place.className = "public-copy";
    place.setAttribute("aria-live", "polite");
    place.append(button);
    pre.after(place);
  }
}

function focusErrors() {
  document.querySelector("[data-error-summary]")?.focus();
}

// How many characters a text may still have, said aloud only when typing rests.
function countBudgets() {
  for (const input of document.querySelectorAll("textarea[data-budget]")) {
    const shown = document.getElementById(`${input.id}-budget`);
    const said = document.getElementById(`${input.id}-budget-said`);
    if (!shown) continue;
    const budget = Number(input.dataset.budget);
    let timer;
    const count = () => {
      // The server counts characters as Unicode code points, with one for each line end.
      const left = budget - [...input.value].length;
      const words = left < 0 ? shown.dataset.over : shown.dataset.left;
      shown.textContent = `${words} ${Math.abs(left).toLocaleString(document.documentElement.lang)}`;
      shown.classList.toggle("office-budget--over", left < 0);
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (said && document.activeElement === input) said.textContent = shown.textContent;
      }, 1000);
    };
    input.addEventListener("input", count);
    if (input.value) count();
  }
}

// Fields that only some answers make relevant are shown when those are given. What was typed in them stays.
function showRelevant(form) {
  const answers = new FormData(form);
  const given = (field, name) => {
    const own = field.querySelector("[name]")?.name ?? "";
    const sibling = own.split(".").slice(0, -1).concat(name).join(".");
    return answers.has(name) ? answers.getAll(name) : answers.getAll(sibling);
  };
  for (const field of form.querySelectorAll("[data-relevant-when]")) {
    const conditions = JSON.parse(field.dataset.relevantWhen);
    field.hidden = !conditions.every(([name, values]) => given(field, name).some((value) => values.includes(value)));
  }
}

// A form with data-draft="<address>" is posted there while people type. What cannot be saved stays in this
// browser until it can.
class Draft {
  constructor(form) {
    this.form = form;
    this.key = `draft ${form.dataset.draft}`;
    this.status = form.querySelector("[data-draft-status]");
    this.timer = undefined;
    this.busy = false;
    this.again = false;
    form.addEventListener("input", () => this.later(1500));
    form.addEventListener("change", () => this.later(300));
    form.addEventListener("submit", (event) => this.beforeSending(event));
    window.addEventListener("online", () => this.save());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible" && this.kept()) this.save();
    });
    this.restore();
  }

  later(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), milliseconds);
  }

  entries() {
    return [...new FormData(this.form)].filter(
      ([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken",
    );
  }

  async save() {
    clearTimeout(this.timer);
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    this.say("saving", false);
    try {
      let answer = await this.post();
      if (answer.status === 403 && (await this.renewToken())) answer = await this.post();
      if (answer.ok) {
        this.forget();
        this.tell(await answer.json().catch(() => null));
        const now = new Date().toLocaleTimeString(document.documentElement.lang.replace(/^en$/, "en-GB"), { timeStyle: "short" });
        this.say("saved", false, now);
      } else {
        this.keep();
        const signedOut = answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403;
        this.say(signedOut ? "signedOut" : "kept", true);
      }
    } catch {
      this.keep();
      this.say("kept", true);
      this.later(15000);
    }
    this.busy = false;
    if (this.waiting) {
      this.form.requestSubmit(this.waiting.submitter);
    } else if (this.again) {
      this.again = false;
      this.save();
    }
  }

  // A form sent while it is being saved waits for the answer, which says which draft it is.
  beforeSending(event) {
    clearTimeout(this.timer);
    if (!this.busy) return;
    event.preventDefault();
    this.waiting ??= { submitter: event.submitter };
  }

  // What the server answered to a save, for whoever listens: which draft it is now, and what the form asks next.
  tell(saved) {
    if (saved) this.form.dispatchEvent(new CustomEvent("draft:saved", { bubbles: true, detail: saved }));
  }

  post() {
    return fetch(this.form.dataset.draft, {
      method: "POST",
      body: new URLSearchParams(this.entries()),
      headers: { "X-CSRFToken": this.form.elements.csrfmiddlewaretoken?.value ?? "", "X-Requested-With": "fetch" },
      redirect: "manual",
    });
  }

  // Signing in again in another tab makes the token of this form stale; the account corner holds a fresh one.
  async renewToken() {
    const corner = document.querySelector("[data-account-corner]")?.getAttribute("hx-get");
    const field = this.form.elements.csrfmiddlewaretoken;
    if (!corner || !field) return false;
    const answer = await fetch(corner, { headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[name=csrfmiddlewaretoken]")?.value;
    if (!fresh) return false;
    field.value = fresh;
    return true;
  }

  keep() {
    try {
      localStorage.setItem(this.key, JSON.stringify(this.entries()));
    } catch {
      // A full or closed store: the form itself still holds what was typed.
    }
  }

  kept() {
    try {
      return JSON.parse(localStorage.getItem(this.key));
    } catch {
      return null;
    }
  }

  forget() {
    try {
      localStorage.removeItem(this.key);
    } catch {
      // Nothing was kept.
    }
  }

  restore() {
    const entries = this.kept();
    if (!entries) return;
    const values = new Map();
    for (const [name, value] of entries) values.set(name, [...(values.get(name) ?? []), value]);
    for (const control of this.form.elements) {
      if (!control.name || control.type === "hidden" || control.type === "submit" || control.type === "file") continue;
      const kept = values.get(control.name) ?? [];
      if (control.type === "checkbox" || control.type === "radio") control.checked = kept.includes(control.value);
      else if (kept.length) control.value = kept.shift();
    }
    this.say("restored", false);
    this.later(1000);
  }

  say(what, unsaved, more = "") {
    if (!this.status) return;
    this.status.textContent = `${this.status.dataset[what]} ${more}`.trim();
    this.status.classList.toggle("office-draft-status--unsaved", unsaved);
  }
}

// What the scripts of the sign-in pages cannot say in words.
function explainPasskeys() {
  if (!window.PublicKeyCredential) {
    for (const element of document.querySelectorAll("[data-needs-passkeys]")) element.hidden = true;
  }
  document.addEventListener("allauth.error", (event) => {
    const place = document.querySelector("[data-passkey-fault]");
    if (!place) return;
    event.preventDefault();
    place.className = "ecl-notification ecl-notification--error office-notice";
    place.textContent = place.dataset.passkeyFault;
  });
}

explainPasskeys();
for (const form of document.querySelectorAll("form[data-draft]")) new Draft(form);
for (const form of document.forms) {
  if (!form.querySelector("[data-relevant-when]")) continue;
  form.addEventListener("change", () => showRelevant(form));
  showRelevant(form);
}
shutWhenNarrow();
wide.addEventListener("change", shutWhenNarrow);
countBudgets();
offerCopies();
focusErrors();
