// A scan box that never makes anybody wait. What is scanned while an answer is under way is kept, sent in order, one
// after another, and each scan leaves a line that says what became of it. Without this file the box is a plain form.
"use strict";

(function () {
  const form = document.querySelector("form[data-queue]");
  const list = document.querySelector("[data-outcomes]");
  if (!form || !list) return;
  const box = form.querySelector("input[name=scan]");
  const words = list.dataset;
  const MOST = Number(words.most) || 12;
  const UNSEEN = 1500;
  const TRIES = 3;
  const waiting = [];
  let running = false;
  let held = 0;

  const line = (text) => {
    const item = document.createElement("li");
    item.className = "is-waiting";
    item.textContent = words.waiting.replace("{}", text);
    list.prepend(item);
    while (list.children.length > MOST) list.lastElementChild.remove();
    return item;
  };

  const say = (task, text, kind) => {
    if (!task.line) return;
    task.line.textContent = text;
    task.line.className = `is-${kind}`;
  };

  // The key in the fields lets the same attempt be sent again: it acts once.
  const ask = async (url, options) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await fetch(url, { ...options, headers: { Accept: "text/html" }, credentials: "same-origin" });
        return new DOMParser().parseFromString(await answer.text(), "text/html");
      } catch (error) {
        if (attempt === TRIES) return null;
        await new Promise((done) => setTimeout(done, 400 * attempt));
      }
    }
  };

  const show = (fresh) => {
    const focused = document.activeElement;
    document.querySelectorAll("[data-swap]").forEach((part) => {
      const next = fresh.querySelector(`[data-swap="${part.dataset.swap}"]`);
      if (next) part.replaceWith(document.importNode(next, true));
    });
    history.replaceState(null, "", document.querySelector('[data-swap="answer"]').dataset.at);
    const choice = document.querySelector("[data-first-choice]");
    if (choice && !box.value) choice.focus();
    else if (!focused || !focused.isConnected || focused === document.body) box.focus();
  };

  // What was scanned after a reader whom nobody knows is for nobody: it is handed back, not given to somebody else. So is
  // what comes a moment later, since nobody can have seen the answer by then.
  const handBack = () => {
    held = Date.now() + UNSEEN;
    waiting.splice(0).forEach((task) => say(task, words.unsent.replace("{}", task.text), "danger"));
  };

  const work = async () => {
    if (running) return;
    running = true;
    form.setAttribute("aria-busy", "true");
    while (waiting.length) {
      const task = waiting.shift();
      const fresh = await ask(task.url, task.options());
      const answer = fresh && fresh.querySelector('[data-swap="answer"]');
      if (answer) {
        show(fresh);
        say(task, answer.dataset.said || words.done.replace("{}", task.text), answer.dataset.kind);
        if ("unclear" in answer.dataset) handBack();
      } else {
        const heading = fresh && fresh.querySelector("h1");
        const why = heading ? heading.textContent : words.away;
        say(task, `${words.unsent.replace("{}", task.text)} ${why}`, "danger");
        handBack();
        document.querySelectorAll("[data-swap] button:disabled").forEach((button) => { button.disabled = false; });
      }
    }
    form.removeAttribute("aria-busy");
    running = false;
  };

  const put = (task) => {
    waiting.push(task);
    if (task.line && Date.now() < held) {
      handBack();
      return;
    }
    work();
  };

  const posted = (source, fields) => ({ method: "POST", body: new URLSearchParams(fields || new FormData(source)) });

  document.querySelector("main").addEventListener("submit", (event) => {
    const source = event.target;
    if (source.method !== "post" || !source.matches("[data-queue], [data-queued]")) return;
    event.preventDefault();
    event.stopPropagation();
    if (source !== form) {
      const fields = new FormData(source);
      if (event.submitter && event.submitter.name) fields.append(event.submitter.name, event.submitter.value);
      const text = fields.get("scan") || source.dataset.line || "";
      put({ url: source.action, text, line: text && line(text), options: () => posted(source, fields) });
      source.querySelectorAll("button").forEach((button) => { button.disabled = true; });
      return;
    }
    const text = box.value.trim();
    box.value = "";
    if (!text) return;
    // Reader, token and key are read when its turn comes: the scan before may have opened another reader.
    const options = () => {
      const fields = new FormData(form);
      fields.set("scan", text);
      return posted(form, fields);
    };
    put({ url: form.action, text, line: line(text), options });
  });

  // Finishing with a reader waits its turn as well. Escape empties the box first, then finishes.
  const finish = (link) => put({ url: link.href, text: "", line: null, options: () => ({}) });
  document.querySelector("main").addEventListener("click", (event) => {
    const link = event.target.closest("a[data-queued]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    finish(link);
    box.focus();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const link = document.querySelector("a[data-finish]");
    if (box.value) box.value = "";
    else if (link) finish(link);
  });

  // Leaving the page would lose what waits: the browser asks first.
  window.addEventListener("beforeunload", (event) => {
    if (running) event.preventDefault();
  });

  // A scanner does not look where the focus is: letters and digits that no field takes go to the box.
  document.addEventListener("keydown", (event) => {
    if (document.documentElement.dataset.shortcuts === "off" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.length !== 1 || event.key === " ") return;
    if (event.target.closest && event.target.closest("input, textarea, select, [contenteditable]")) return;
    box.focus();
  });
})();
