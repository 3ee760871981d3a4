// What runs is counted by the server; this only lets its digits tick, and looks whether another device changed it.
(() => {
  "use strict";
  const LOOK_MS = 30000;
  const runs = new WeakMap(); // digits -> milliseconds so far, and when that was

  const digits = (seconds) => {
    const two = (number) => String(number).padStart(2, "0");
    const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
  };

  // Counted on from what the server said when the page came: the device's time of day does not matter.
  function tick() {
    const now = Date.now();
    document.querySelectorAll("[data-seconds]").forEach((part) => {
      const run = runs.get(part) || { ms: 1000 * Number(part.dataset.seconds), at: now };
      if (part.dataset.runs === "yes") run.ms += Math.max(0, now - run.at);
      run.at = now;
      runs.set(part, run);
      part.textContent = digits(Math.floor(run.ms / 1000));
    });
  }

  async function look() {
    const here = document.getElementById("stopwatch");
    if (!here || here.dataset.live !== "yes" || document.visibilityState !== "visible") return;
    let answer, text;
    try {
      answer = await fetch(here.dataset.url, { headers: { "X-By-Itself": "1" }, cache: "no-store" });
      text = await answer.text();
    } catch {
      return; // no signal: it runs on the server all the same
    }
    if (answer.redirected) {
      location.reload(); // signed out, or something else runs now
      return;
    }
    const there = answer.ok && new DOMParser().parseFromString(text, "text/html").getElementById("stopwatch");
    if (there) show(here, there);
  }

  function show(here, there) {
    if (here.dataset.state !== there.dataset.state) {
      const focused = here.contains(document.activeElement);
      here.replaceWith(there);
      there.tabIndex = -1;
      if (focused) there.focus({ preventScroll: true });
      return;
    }
    const [old, fresh] = [here, there].map((part) => part.querySelector("[data-seconds]"));
    if (old) runs.set(old, { ms: 1000 * Number(fresh.dataset.seconds), at: Date.now() });
    const [stale, now] = [here, there].map((part) => part.querySelector("[data-said]"));
    if (stale && now) stale.textContent = now.textContent;
  }

  setInterval(tick, 250);
  setInterval(look, LOOK_MS);
  tick();
  document.addEventListener("visibilitychange", look);
  window.addEventListener("focus", look);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) look();
  });
})();
