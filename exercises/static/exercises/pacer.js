// Paces a breathing exercise or a text, then sends the page's own form. Its words and numbers stand in the page.
(() => {
  "use strict";
  const pacer = document.getElementById("pacer");
  if (!pacer) return;
  const TICK = 250;
  const ASLEEP = 150000; // no tick for so long: the device slept, and nobody knows what went on
  const SMALL = 36;
  const LARGE = 92;
  const HALF = 70;
  const words = pacer.dataset;
  const part = (name) => pacer.querySelector(`[data-part="${name}"]`);
  const chosen = (name) => pacer.querySelector(`[name="${name}"]:checked`).value;
  const save = document.getElementById("save");
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  let phases = []; // of one breath, or of the whole text
  let round = 0; // their milliseconds
  let length = 0;
  let before = 0; // milliseconds of the stretches that are over
  let since = null; // when this stretch began; null while nothing runs
  let ticked = 0;
  let shown = -1;
  let timer = 0;
  let awake = null;

  // --- what is paced ---

  function breath() {
    const [into, hold, out, rest] = chosen("pattern").split("-").map(Number);
    return [
      { word: words.in, seconds: into, from: SMALL, to: LARGE, chime: "start" },
      { word: words.hold, seconds: hold, from: LARGE, to: LARGE },
      { word: words.out, seconds: out, from: LARGE, to: SMALL, chime: "count" },
      { word: words.hold, seconds: rest, from: SMALL, to: SMALL },
    ].filter((phase) => phase.seconds);
  }

  const lines = () =>
    [...document.querySelectorAll("#lines [data-seconds]")].map((line) => ({
      word: words[line.dataset.cue] || "",
      line: line.querySelector("span").textContent,
      seconds: Number(line.dataset.seconds),
      chime: line.dataset.cue === "tense" ? "start" : "count",
    }));

  function prepare() {
    const breathing = Boolean(part("breath"));
    phases = breathing ? breath() : lines();
    round = phases.reduce((sum, phase) => sum + phase.seconds * 1000, 0);
    // Never ends in the middle of a breath.
    length = breathing ? Math.ceil((Number(chosen("length")) * 60000) / round) * round : round;
  }

  const elapsed = () => before + (since === null ? 0 : performance.now() - since);

  function place(at) {
    const lap = Math.floor(at / round);
    let into = at - lap * round;
    let index = 0;
    while (into >= phases[index].seconds * 1000) into -= phases[index++].seconds * 1000;
    return { phase: phases[index], into, step: lap * phases.length + index };
  }

  // --- what is seen and heard ---

  function put(name, text) {
    const where = part(name);
    if (where && where.textContent !== text) where.textContent = text;
  }

  function say(text) {
    if (part("say").checked) put("spoken", text);
  }

  function chime(sound) {
    if (sound && part("chime").checked) window.ampsChime[sound]();
  }

  function show(at) {
    const { phase, into, step } = place(at);
    put("count", phase.word ? String(Math.floor(into / 1000) + 1) : "");
    const minutes = Math.max(1, Math.round(length / 60000));
    const now = Math.min(minutes, Math.floor(at / 60000) + 1);
    put("progress", words.progress.replace("{n}", now).replace("{m}", minutes));
    if (step === shown) return;
    shown = step;
    put("word", phase.word);
    put("line", phase.line || "");
    say([phase.word, phase.line].filter(Boolean).join(". "));
    chime(phase.chime);
  }

  function draw() {
    const circle = part("breath");
    if (since === null || !circle) return;
    if (still.matches) {
      circle.setAttribute("r", HALF);
      return;
    }
    const { phase, into } = place(Math.min(elapsed(), length - 1));
    const share = (1 - Math.cos((Math.PI * into) / (phase.seconds * 1000))) / 2;
    circle.setAttribute("r", phase.from + (phase.to - phase.from) * share);
    requestAnimationFrame(draw);
  }

  function state(name) {
    pacer.dataset.state = name;
    const had = document.activeElement;
    pacer.querySelectorAll("[data-when]").forEach((piece) => {
      piece.hidden = !piece.dataset.when.split(" ").includes(name);
    });
    if (save) save.hidden = name !== "ready";
    if (!pacer.contains(had) || !had.closest("[hidden]")) return;
    const next = [...pacer.querySelectorAll("[data-do]")].find((button) => !button.closest("[hidden]"));
    (next || part("after")).focus();
  }

  // --- running ---

  function tick() {
    const now = performance.now();
    if (now - ticked > ASLEEP) {
      since += now - ticked;
      pause();
      return;
    }
    ticked = now;
    if (elapsed() >= length) finish();
    else show(elapsed());
  }

  function halt() {
    before = Math.min(elapsed(), length);
    since = null;
    clearInterval(timer);
    if (awake) awake.then((lock) => lock && lock.release());
    awake = null;
  }

  // A screen that goes dark would stop the pace.
  function stayAwake() {
    if (since !== null && navigator.wakeLock) awake = navigator.wakeLock.request("screen").catch(() => null);
  }

  function start() {
    if (since !== null) return;
    if (!before) prepare();
    document.dispatchEvent(new Event("somebody-here"));
    since = ticked = performance.now();
    timer = setInterval(tick, TICK);
    stayAwake();
    state("running");
    show(elapsed());
    requestAnimationFrame(draw);
  }

  function pause() {
    halt();
    state("paused");
    put("word", words.paused);
    put("count", "");
    say(words.paused);
    shown = -1;
  }

  const minutesDone = () => Math.max(1, Math.round(before / 60000));

  function stop() {
    halt();
    shown = -1;
    put("after", words.after.replace("{n}", minutesDone()));
    say(part("after").textContent);
    state("stopped");
  }

  function finish() {
    halt();
    chime("end");
    put("after", words.finished);
    say(words.finished);
    state("finished");
    // A page that is covered has no sign-in: then the button waits.
    if (!document.body.classList.contains("covered")) keep();
  }

  // The same form and the same id, however often: it is one moment.
  function keep() {
    if (!save) return;
    const form = save.querySelector("form");
    const field = (name) => form.querySelector(`[name="${name}"]`);
    const minutes = field("minutes") || form.appendChild(document.createElement("input"));
    Object.assign(minutes, { type: "hidden", name: "minutes", value: minutesDone() });
    field("source").value = "timer";
    if (field("ask_again")) field("ask_again").remove();
    form.querySelector("button").click();
  }

  const deeds = { start, pause, stop, save: keep };
  pacer.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button) deeds[button.dataset.do]();
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && stayAwake());
  part("chime").addEventListener("change", () => chime("count"));
  document.querySelectorAll("[data-plain]").forEach((piece) => (piece.hidden = true));
  part("chime").closest(".form-check").hidden = document.documentElement.dataset.chime === "off";
  pacer.hidden = false;
  state("ready");
})();
