// Small comforts. Every task works without this file.
"use strict";

(function () {
  const root = document.documentElement;
  const isTyping = (element) => element && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName));

  // "/" goes to the search field, unless somebody is typing or has switched shortcuts off.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      document.querySelectorAll("details.account[open], details.office[open]").forEach((menu) => {
        menu.open = false;
        menu.querySelector("summary").focus();
      });
    }
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (root.dataset.shortcuts === "off" || isTyping(document.activeElement)) return;
    const seek = document.getElementById("find") || document.getElementById("seek");
    if (seek) {
      event.preventDefault();
      seek.focus();
      seek.select();
    }
  });

  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.account[open], details.office[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  // Whoever opens a form to write a reason writes it there.
  document.addEventListener("toggle", (event) => {
    const field = event.target.matches("details.fold[open]") && event.target.querySelector("input:not([type=hidden])");
    if (field) field.focus();
  }, true);

  // A scanner ends with Enter, and so do people who fill in a long form: it goes on to the next field and sends nothing.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches("input[data-scan], form[data-steps] input")) return;
    event.preventDefault();
    const fields = [...event.target.form.elements].filter((field) => field.type !== "hidden" && field.tagName !== "FIELDSET");
    const next = fields[fields.indexOf(event.target) + 1];
    if (next) next.focus();
  });

  // A second click on a form already on its way does nothing; the key in the form is the guarantee, this the courtesy.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      form.removeAttribute("aria-busy");
    });
  });

  // Replace the parts of this page that carry `data-swap` with those of the same page fetched anew.
  const swap = async (url, signal) => {
    const answer = await fetch(url, { headers: { Accept: "text/html" }, signal, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return null;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.querySelectorAll("[data-swap]").forEach((part) => {
      const next = fresh.querySelector(`[data-swap="${part.dataset.swap}"]`);
      if (next) part.replaceWith(document.importNode(next, true));
    });
    return fresh;
  };

  // Search as you type.
  document.querySelectorAll("form[data-live]").forEach((form) => {
    let waiting = null;
    let running = null;
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(async () => {
        if (running) running.abort();
        running = new AbortController();
        const url = `${form.action}?${new URLSearchParams(new FormData(form))}`;
        try {
          if (await swap(url, running.signal)) history.replaceState(null, "", url);
        } catch (error) {
          if (error.name !== "AbortError") form.removeAttribute("data-live");
        }
      }, 180);
    });
  });

  // A job's page asks again until the job has ended.
  const watch = () => {
    const running = document.querySelector("[data-watch]");
    if (!running) return;
    setTimeout(async () => {
      try {
        await swap(location.href);
      } catch (error) {
        return;
      }
      watch();
    }, 1000);
  };
  watch();
})();
