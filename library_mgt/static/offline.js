// The desk without network: every scan becomes a line of the offline journal, kept in this browser until it was sent.
"use strict";

(function () {
  const root = document.querySelector("[data-offline]");
  if (!root) return;
  const words = root.dataset;
  const places = root.dataset;
  const STORE = "erp-library-journal";
  const CHUNK = 200;
  const TWICE = 10000;
  const LOOK = 15000;
  const form = root.querySelector("form");
  const box = root.querySelector("#scan");
  const label = root.querySelector("[data-label]");
  const state = root.querySelector("[data-state]");
  const alertBox = root.querySelector("[data-alert]");
  const list = root.querySelector("[data-lines]");
  const count = root.querySelector("[data-count]");
  const results = root.querySelector("[data-results]");
  const send = root.querySelector("[data-send]");
  const save = root.querySelector("[data-save]");
  const drop = root.querySelector("[data-drop]");
  let reader = "";

  const lines = () => {
    const text = localStorage.getItem(STORE) || "";
    return text ? text.split("\n") : [];
  };
  const keep = (all) => localStorage.setItem(STORE, all.join("\n"));

  const say = (text, kind) => {
    alertBox.textContent = text;
    alertBox.className = text ? `notice notice-${kind} alert-desk` : "";
  };

  const action = () => form.elements.action.value;

  const told = (line) => {
    const [at, what, card, barcode] = line.split(";");
    const time = new Date(at).toLocaleTimeString();
    const said = { lend: words.lent, renew: words.renewed }[what] || words.returned;
    return said.replace("{time}", time).replace("{barcode}", barcode).replace("{reader}", card);
  };

  const show = () => {
    const all = lines();
    list.replaceChildren(
      ...all.slice(-100).reverse().map((line) => {
        const item = document.createElement("li");
        item.textContent = told(line);
        return item;
      })
    );
    count.textContent = words.waiting.replace("{}", all.length);
    [send, save, drop].forEach((button) => { button.disabled = all.length === 0; });
    const ask = { return: words.askReturn, renew: words.askRenew }[action()];
    label.textContent = ask || (reader ? words.askCopy.replace("{}", reader) : words.askReader);
  };

  const write = (text) => {
    if (text.includes(";") || text.length > 40) return say(words.unreadable.replace("{}", text), "danger");
    if (action() === "lend" && !reader) {
      reader = text;
      return say(words.opened.replace("{}", reader), "info");
    }
    const all = lines();
    const said = `${action()};${action() === "lend" ? reader : ""};${text}`;
    const before = (all[all.length - 1] || "").split(";");
    if (before.slice(1).join(";") === said && Date.now() - Date.parse(before[0]) < TWICE) {
      return say(words.twice.replace("{}", text), "info");
    }
    const line = `${new Date().toISOString()};${said}`;
    try {
      keep([...all, line]);
    } catch (error) {
      return say(words.full, "danger");
    }
    return say(told(line), "success");
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    const text = box.value.trim();
    box.value = "";
    if (text) write(text);
    show();
    box.focus();
  });
  form.addEventListener("change", (event) => {
    if (event.target.name !== "action") return;
    reader = "";
    say("", "info");
    show();
  });
  // Escape empties the box first, then finishes with the reader.
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (box.value) box.value = "";
    else if (reader) {
      say(words.finished.replace("{}", reader), "info");
      reader = "";
    }
    show();
  });
  drop.addEventListener("click", () => {
    const all = lines();
    const last = all.pop();
    keep(all);
    say(words.dropped.replace("{}", told(last)), "warning");
    show();
    box.focus();
  });
  save.addEventListener("click", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([`${lines().join("\n")}\n`], { type: "text/plain" }));
    link.download = `journal-${new Date().toISOString().slice(0, 19).replaceAll(":", "")}.txt`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });

  // The form token of the desk's own page: whoever has none has to sign in first.
  const token = async () => {
    const page = await fetch(places.desk, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (page.redirected || page.status === 401 || page.status === 403) return null;
    if (!page.ok) throw new Error(String(page.status));
    const found = new DOMParser().parseFromString(await page.text(), "text/html");
    return found.querySelector("main input[name=form_token]").value;
  };

  const replay = async (part, proof) => {
    const answer = await fetch(places.journal, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-Form-Token": proof },
      body: JSON.stringify({ lines: part }),
    });
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).lines;
  };

  const tell = (line, result) => {
    const item = document.createElement("li");
    item.className = { done: "is-success", conflict: "is-danger", refused: "is-danger" }[result.became] || "is-info";
    const became = words[{ done: "done", conflict: "conflict", refused: "refused" }[result.became] || "before"];
    item.textContent = `${became}: ${told(line)}${result.detail ? ` · ${result.detail}` : ""}`;
    results.append(item);
  };

  // What the library has taken is forgotten here, conflicts as well: they are kept there until somebody settles them.
  const deliver = async () => {
    const proof = await token();
    if (proof === null) {
      root.querySelector("[data-sign-in-link]").hidden = false;
      say(words.signIn, "warning");
      return;
    }
    results.replaceChildren();
    let conflicts = 0;
    const all = lines();
    for (let start = 0; start < all.length; start += CHUNK) {
      const part = all.slice(start, start + CHUNK);
      const found = await replay(part, proof);
      found.forEach((result) => tell(part[result.line - 1], result));
      conflicts += found.filter((result) => result.became === "conflict").length;
      const taken = new Set(found.filter((result) => result.became !== "refused").map((result) => part[result.line - 1]));
      keep(lines().filter((line) => !taken.has(line)));
    }
    root.querySelector("[data-sign-in-link]").hidden = true;
    root.querySelector("[data-conflicts]").hidden = conflicts === 0;
    say(words.sent.replace("{}", conflicts), conflicts ? "warning" : "success");
  };

  send.addEventListener("click", async () => {
    send.disabled = true;
    try {
      await deliver();
    } catch (error) {
      say(words.away, "warning");
    }
    show();
    look();
  });

  const look = async () => {
    try {
      const answer = await fetch(places.health, { cache: "no-store", signal: AbortSignal.timeout(LOOK / 3) });
      state.textContent = answer.ok ? words.here : words.gone;
    } catch (error) {
      state.textContent = words.gone;
    }
  };

  if (navigator.serviceWorker) {
    navigator.serviceWorker
      .register(places.worker, { scope: places.scope })
      .then(() => navigator.serviceWorker.ready)
      .then(() => { root.querySelector("[data-installed]").hidden = false; })
      .catch(() => { root.querySelector("[data-not-kept]").hidden = false; });
  } else {
    root.querySelector("[data-not-kept]").hidden = false;
  }
  window.addEventListener("online", look);
  window.addEventListener("offline", look);
  window.addEventListener("storage", show);
  setInterval(look, LOOK);
  form.hidden = false;
  show();
  look();
  box.focus();
})();
