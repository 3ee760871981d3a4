// A guided session without a jump: steps, holds and rests run on the page, and every move is sent to the server
// behind it, in order, until it has come through. The server knows where one is; a reload goes on from there.
(() => {
  "use strict";
  const READY = 3; // counted in before a hold
  const LOOSE = 3; // between two holds of a set
  const AGAIN_MS = 3000;
  const LOOK_MS = 30000;
  const TWICE_MS = 500;
  const ASLEEP_MS = 150000; // no tick for so long: the device slept, and nobody held anything
  const root = document.getElementById("guided");
  const clock = document.getElementById("clock");
  const news = document.getElementById("guided-news");
  const mute = document.getElementById("mute");
  const sections = [...root.querySelectorAll("[data-step]")];
  const steps = sections.slice(0, -1);
  const number = (part, name) => Number(part.dataset[name]);
  const here = () => steps[at];
  let at = number(root, "at");
  let paused = root.dataset.paused === "yes";
  let phases = []; // of the clock: {kind, seconds, round}, the first one is on
  let left = 0; // milliseconds of it
  let last = Date.now();
  let shown = null; // whole seconds on the screen
  let queue = [];
  let sending = false;

  // --- what is on the screen ---

  const words = (part, name) => part.dataset[`words${name[0].toUpperCase()}${name.slice(1)}`];

  function show() {
    sections.forEach((section, place) => (section.hidden = place !== at));
    steps.forEach(showStep);
    root.querySelector("[value=pause]").hidden = paused;
    root.querySelector("[value=resume]").hidden = !paused;
    root.querySelectorAll("[data-seconds]").forEach((part) => (part.dataset.runs = paused ? "no" : "yes"));
    sections[steps.length].querySelector("form").hidden = steps.some((step) => number(step, "done") > 0);
    showClock();
  }

  function showStep(step) {
    const [done, sets] = [number(step, "done"), number(step, "sets")];
    const next = Math.min(done + 1, sets);
    step.querySelector("[data-when=done]").hidden = done < sets;
    step.querySelector("[data-when=open]").hidden = done >= sets;
    step.querySelector("[name=sets]").value = next;
    const text = words(root, "set").replace("{n}", next).replace("{all}", sets);
    step.querySelector("[value=set]").textContent = text;
    step.querySelector("[value=next]").textContent = words(root, done ? "next" : "skip");
  }

  function showClock() {
    clock.hidden = !phases.length;
    root.querySelectorAll("[data-start]").forEach((start) => (start.hidden = !clock.hidden));
    if (!phases.length) return;
    const { kind, round } = phases[0];
    const seconds = Math.ceil(left / 1000);
    const phase = clock.querySelector("[data-phase]");
    if (phase.textContent !== words(clock, kind)) phase.textContent = words(clock, kind);
    clock.querySelector("[data-round]").textContent = round || "";
    clock.querySelector("[data-left]").textContent =
      `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    const end = clock.querySelector("[data-end]");
    end.textContent = words(end, kind === "rest" ? "rest" : "other");
    const still = clock.querySelector("[data-still]");
    still.textContent = words(still, paused ? "resume" : "pause");
  }

  // --- the clock: a hold, a rest ---

  function begin(next) {
    phases = next;
    left = next.length ? 1000 * next[0].seconds : 0;
    last = Date.now();
    shown = null;
    showClock();
  }

  // One set: counted in, each hold, and the same again on the other side.
  function holds(step) {
    const [hold, reps, sides] = ["hold", "reps", "sides"].map((name) => number(step, name));
    const set = [];
    for (let side = 0; side < sides; side += 1) {
      set.push({ kind: side ? "side" : "ready", seconds: READY });
      for (let rep = 0; rep < reps; rep += 1) {
        if (rep) set.push({ kind: "loose", seconds: LOOSE });
        set.push({ kind: "hold", seconds: hold, round: reps > 1 ? `${rep + 1}/${reps}` : "" });
      }
    }
    return set;
  }

  function rest(step) {
    const rests = [{ kind: "rest", seconds: number(root, "rest") }];
    // The next set of holds follows by itself: nobody reaches for a phone out of a plank.
    const more = step === here() && number(step, "hold");
    return more ? [...rests, ...holds(step)] : rests;
  }

  function tick() {
    const now = Date.now();
    if (!paused && now - last < ASLEEP_MS) left -= now - last;
    last = now;
    if (!phases.length || paused) return;
    while (phases.length && left <= 0) endPhase();
    const seconds = Math.ceil(left / 1000);
    if (phases.length && seconds !== shown) {
      shown = seconds;
      if (phases[0].kind !== "hold" && seconds <= READY) window.ampsChime?.count();
      showClock();
    }
  }

  function endPhase() {
    const ended = phases.shift();
    if (ended.kind === "hold" || !phases.length) window.ampsChime?.end();
    if (phases.length) {
      left += 1000 * phases[0].seconds;
      if (phases[0].kind === "hold") window.ampsChime?.start();
    } else {
      begin([]);
      if (ended.kind === "hold") setDone();
    }
  }

  // --- moves ---

  function setDone() {
    const step = here();
    const done = Math.min(number(step, "done") + 1, number(step, "sets"));
    send({ do: "set", step: at, sets: done });
    step.dataset.done = done;
    if (done >= number(step, "sets")) go(at + 1);
    if (here()) begin(rest(step));
    show();
  }

  function go(place) {
    begin([]);
    at = place;
    show();
    const heading = sections[at].querySelector("h2");
    heading.focus({ preventScroll: true });
    sections[at].scrollIntoView({ block: "nearest" });
  }

  // A finger that taps twice means one set, though the next button stands in the same place by then.
  function takeOne() {
    sections.forEach((section) => section.setAttribute("aria-disabled", "true"));
    setTimeout(() => sections.forEach((section) => section.removeAttribute("aria-disabled")), TWICE_MS);
  }

  function move(what) {
    document.dispatchEvent(new Event("somebody-here"));
    if (what === "set") setDone();
    else if (what === "next" || what === "back") {
      send({ do: what, step: at });
      go(at + (what === "next" ? 1 : -1));
    } else {
      if (what === "pause" || what === "resume") paused = what === "pause";
      send({ do: what });
      show();
    }
  }

  root.addEventListener("submit", (event) => {
    event.preventDefault();
    const part = event.submitter.closest("[data-step]");
    if (part && part.hasAttribute("aria-disabled")) return;
    move(event.submitter.value);
    if (part) takeOne();
  });
  root.addEventListener("click", (event) => {
    if (event.target.closest("[data-start]")) {
      paused ? move("resume") : document.dispatchEvent(new Event("somebody-here"));
      begin(holds(here()));
    }
    if (event.target.closest("[data-still]")) move(paused ? "resume" : "pause");
    if (event.target.closest("[data-end]")) skipPhase();
  });

  // A rest that is skipped leads on to what comes after it; a hold that is ended is left to the button.
  function skipPhase() {
    if (phases[0].kind === "rest") begin(phases.slice(1));
    else begin([]);
  }

  // --- the server ---

  const state = () => {
    const sets = steps.reduce((sum, step) => sum + number(step, "done"), 0);
    return `${root.dataset.id}/${at}/${sets}/${paused ? "paused" : "on"}`;
  };

  function send(fields) {
    queue.push({ fields, at: Date.now() });
    flush();
  }

  async function flush() {
    if (sending) return;
    sending = true;
    while (queue.length) {
      const covered = document.body.classList.contains("covered"); // signed out: idle.js asks who is there
      const answer = covered ? undefined : await post(queue[0]);
      if (answer === undefined) {
        tell("offline");
        setTimeout(flush, AGAIN_MS);
        break;
      }
      queue.shift();
      settle(answer);
    }
    sending = false;
  }

  // The answer; null where the server refused; undefined when none came, or it is in trouble itself.
  async function post({ fields, at }) {
    const token = root.querySelector("[name=csrfmiddlewaretoken]").value;
    const waited = Math.max(0, Math.floor((Date.now() - at) / 1000));
    const body = new URLSearchParams({ id: root.dataset.id, waited, ...fields });
    const headers = { Accept: "application/json", "X-CSRFToken": token };
    try {
      const response = await fetch(root.dataset.act, { method: "POST", headers, body });
      if (response.status === 401) document.dispatchEvent(new Event("somebody-here"));
      if ([401, 429].includes(response.status) || response.status >= 500) return undefined;
      const answer = response.ok ? await response.json() : null;
      return answer && answer.code === "ok" ? answer : null;
    } catch {
      return undefined;
    }
  }

  function settle(answer) {
    if (answer === null) {
      queue = [];
      location.reload(); // what the server shows now is how it stands
      return;
    }
    const elsewhere = new URL(answer.url, location.href).pathname !== location.pathname;
    if (elsewhere) location.assign(answer.url);
    else if (!queue.length && answer.state !== state()) location.reload();
    else if (!queue.length) tell(at < steps.length ? "" : "saving");
  }

  function tell(what) {
    const text = what ? news.dataset[what] : "";
    news.hidden = !text || (what === "saving" && !steps.some((step) => number(step, "done") > 0));
    if (news.textContent !== text) news.textContent = text;
  }

  // Another device may have gone on; what is not sent yet comes first.
  async function look() {
    if (queue.length || sending || document.visibilityState !== "visible") return;
    try {
      const headers = { Accept: "application/json", "X-By-Itself": "1" };
      const response = await fetch(root.dataset.look, { headers, cache: "no-store" });
      const answer = await response.json();
      if (!queue.length && !sending && answer.state !== state()) location.reload();
    } catch {
      // no signal: it goes on here all the same
    }
  }

  setInterval(tick, 100);
  setInterval(look, LOOK_MS);
  document.addEventListener("visibilitychange", look);
  window.addEventListener("focus", look);
  window.addEventListener("online", flush);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) look();
  });
  window.addEventListener("beforeunload", (event) => {
    if (queue.length) event.preventDefault();
  });

  // --- quiet, and a screen that stays on ---

  const MUTED = "guided-muted";
  function setMute(on) {
    if (!mute) return;
    mute.setAttribute("aria-pressed", String(on));
    document.documentElement.dataset.chime = on ? "off" : "on";
    sessionStorage.setItem(MUTED, on ? "yes" : "");
  }
  mute?.addEventListener("click", () => setMute(mute.getAttribute("aria-pressed") !== "true"));
  setMute(sessionStorage.getItem(MUTED) === "yes");

  const stayOn = () => {
    if (document.visibilityState === "visible") navigator.wakeLock?.request("screen").catch(() => {});
  };
  document.addEventListener("visibilitychange", stayOn);
  stayOn();
  show();
})();
