// A sign-in that ends by itself: asks shortly before, then covers the page and keeps what was typed in it.
// Nothing is stored. The server counts; this page's clock only says when to ask it.
(() => {
  "use strict";
  const ask = document.getElementById("idle-ask");
  const cover = document.getElementById("idle-cover");
  const { who, url, home } = ask.dataset;
  const WARN = Number(ask.dataset.warn) * 1000;
  const title = document.title;
  let end = Date.now() + Number(ask.dataset.seconds) * 1000;
  let csrf = "";
  let timer = 0;

  const left = () => end - Date.now();

  // The answer; null when nobody is signed in; undefined when none came.
  async function server(method) {
    const headers = { Accept: "application/json" };
    if (method === "POST") headers["X-CSRFToken"] = csrf;
    try {
      const response = await fetch(url, { method, headers, cache: "no-store", redirect: "error" });
      if ([401, 403].includes(response.status)) return null;
      const answer = await response.json();
      return answer.code === "ok" ? answer : undefined;
    } catch {
      return undefined;
    }
  }

  function plan() {
    clearTimeout(timer);
    const next = left() > WARN ? left() - WARN : left();
    timer = setTimeout(() => (left() > 0 ? look() : lock()), Math.max(next, 0));
  }

  async function look() {
    settle(await server("GET"));
  }

  async function stay() {
    settle(await server("POST"));
    document.getElementById("idle-last").hidden = left() > WARN;
  }

  function settle(answer) {
    if (answer === null || (answer === undefined && left() <= 0)) {
      lock();
      return;
    }
    if (answer && answer.who !== who) {
      location.replace(home); // somebody else's sign-in: nothing of this page is theirs
      return;
    }
    if (answer) {
      end = Date.now() + answer.seconds * 1000;
      csrf = answer.csrf;
    }
    if (left() <= 0) {
      lock();
      return;
    }
    if (answer) unlock();
    if (left() <= WARN) warn();
    else if (ask.open) ask.close();
    plan();
  }

  function warn() {
    if (!ask.open && !cover.open) ask.showModal();
  }

  function lock() {
    clearTimeout(timer);
    if (cover.open) return;
    if (ask.open) ask.close();
    document.body.classList.add("covered");
    document.title = document.getElementById("cover-title").textContent;
    cover.showModal();
    look(); // perhaps another tab kept the sign-in alive
  }

  function unlock() {
    document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((field) => {
      field.value = csrf;
    });
    if (!cover.open) return;
    document.body.classList.remove("covered");
    document.title = title;
    cover.close();
  }

  // Whoever comes back to the tab sees nothing before it is known that the sign-in still stands.
  function back() {
    if (document.visibilityState !== "visible") return;
    if (cover.open) look();
    else if (left() <= 0) lock();
  }

  document.getElementById("idle-stay").addEventListener("click", stay);
  // A button of the page's own script was pressed, one that asks the server for nothing.
  document.addEventListener("somebody-here", async () => {
    if (!csrf) await look();
    if (!cover.open) stay();
  });
  ask.addEventListener("cancel", stay);
  cover.addEventListener("cancel", (event) => event.preventDefault());
  cover.addEventListener("close", () => {
    if (document.body.classList.contains("covered")) cover.showModal();
  });
  document.addEventListener("visibilitychange", back);
  window.addEventListener("focus", back);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) look();
  });
  plan();
})();
