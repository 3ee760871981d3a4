// The editor of a program without a page for each step: find by typing, add, move, take out, put back.
// Every button works without this too; where an answer does not come, the button sends the page as usual.
(() => {
  "use strict";
  const WAIT_MS = 150;
  const form = document.getElementById("editor");
  if (!form) return;
  const [find, found, said, rows, steps] = ["find", "found", "find-said", "rows", "steps"].map((id) => document.getElementById(id));
  const strand = form.elements.find_strand;
  const findButton = form.querySelector('[name="do"][value="find"]');
  let next = Number(form.dataset.next);
  let timer = 0;
  let asked = "";
  // Answers come in the order in which they were asked for.
  let queue = Promise.resolve();
  let pending = 0;
  const enqueue = (job, otherwise) => {
    pending += 1;
    queue = queue.then(job).then(() => { pending -= 1; }, () => {
      pending -= 1;
      otherwise();
    });
  };
  // Whoever saves at once saves what is still on its way, too.
  form.addEventListener("submit", (event) => {
    if (!pending) return;
    event.preventDefault();
    queue.then(() => form.requestSubmit(event.submitter));
  });

  const say = (what, values = {}) => {
    said.textContent = Object.entries(values).reduce((text, [key, value]) => text.replace(`%(${key})s`, value), said.dataset[what] || "");
  };

  const part = async (values) => {
    const answer = await fetch(`${form.getAttribute("action")}?${new URLSearchParams(values)}`, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    return answer.text();
  };

  // --- finding ---

  const wanted = () => `${find.value.trim()} ${strand.value}`;
  const results = () => [...found.querySelectorAll("button")];

  const search = async () => {
    clearTimeout(timer);
    const now = wanted();
    if (now === asked) return;
    asked = now;
    if (!find.value.trim() && !strand.value) {
      found.replaceChildren();
      return;
    }
    const html = await part({ part: "found", find: find.value, strand: strand.value });
    if (now !== wanted()) return;
    found.innerHTML = html;
    say(results().length ? "found" : "none", { n: results().length });
  };

  const searchSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => search().catch(() => { asked = ""; }), WAIT_MS);
  };

  // The box is free for the next word at once; what was typed comes back where nothing goes by that name.
  const addFirst = () => {
    const [text, where] = [find.value, strand.value];
    clear();
    enqueue(async () => {
      const html = await part({ part: "found", find: text, strand: where });
      const first = parsed(html).querySelector("button");
      if (first) await append(first);
      else if (!find.value) find.value = text;
      if (!first) [found.innerHTML, asked] = [html, wanted()];
      if (!first) say("none");
    }, () => {
      find.value = text;
      send(findButton);
    });
  };

  find.addEventListener("input", searchSoon);
  strand.addEventListener("change", searchSoon);
  find.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      if (find.value.trim()) addFirst();
    } else if (event.key === "ArrowDown" && results().length) {
      event.preventDefault();
      results()[0].focus();
    }
  });
  found.addEventListener("keydown", (event) => {
    const place = results().indexOf(event.target);
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (place < 0 || !step) return;
    event.preventDefault();
    (results()[place + step] || (step < 0 ? find : event.target)).focus();
  });

  // --- rows ---

  const parsed = (html) => {
    const box = document.createElement("template");
    box.innerHTML = html;
    return box.content;
  };

  const rowOf = async (activity) => {
    next += 1;
    return parsed(await part({ part: "row", activity, number: next - 1 })).querySelector("li");
  };

  const append = async (button) => {
    rows.append(await rowOf(button.value));
    say("added", { name: button.querySelector("b").textContent });
  };

  const clear = () => {
    clearTimeout(timer);
    find.value = "";
    strand.value = "";
    asked = wanted();
    found.replaceChildren();
    find.focus();
  };

  const add = (button) => {
    clear();
    enqueue(() => append(button), () => send(button));
  };

  // The page takes over: as if there were no script. The button is gone when what was found is.
  const send = (button) => {
    const stand = document.createElement("button");
    [stand.name, stand.value, stand.hidden, stand.formNoValidate] = [button.name, button.value, true, true];
    form.append(stand);
    form.requestSubmit(stand);
  };

  const setRemoved = (row, removed) => {
    row.querySelector('[name$="-DELETE"]').value = removed ? "on" : "";
    row.querySelector(".row-gone").hidden = !removed;
    row.querySelector(".row-body").hidden = removed;
    row.querySelector(removed ? ".row-gone button" : '[value^="out-"]').focus();
  };

  const move = (item, step, button) => {
    const other = step < 0 ? item.previousElementSibling : item.nextElementSibling;
    if (other) other[step < 0 ? "before" : "after"](item);
    button.focus();
  };

  const swap = (button, row) => {
    enqueue(async () => {
      const other = await rowOf(button.value.split("-")[2]);
      for (const name of ["words", "load", "body_area"]) {
        const [old, box] = [row, other].map((one) => one.querySelector(`[name$="-${name}"]`));
        if (old && box) box.value = old.value;
      }
      row.replaceWith(other);
      (other.querySelector(".swaps button") || other.querySelector(".row-tools button")).focus();
    }, () => send(button));
  };

  const change = (button, item) => {
    const what = button.value.split("-")[0];
    if (what === "up" || what === "down") move(item, what === "up" ? -1 : 1, button);
    else if (what === "swap") swap(button, item);
    else if (button.name === "row") setRemoved(item, what === "out");
    else takeStepOut(item);
  };

  const takeStepOut = (item) => {
    const near = item.nextElementSibling || item.previousElementSibling;
    item.remove();
    (near ? near.querySelector("select") : form.querySelector('[name="step"][value="more"]')).focus();
  };

  const addSteps = (button) => {
    const empty = document.getElementById("empty-step").content;
    const textures = [...empty.querySelector("select").options].map((option) => option.value).filter(Boolean);
    for (const texture of button.value === "usual" ? textures : [""]) {
      const step = empty.cloneNode(true);
      step.querySelector("select").value = texture;
      steps.append(step);
    }
    const last = button.value === "usual" ? steps.firstElementChild : steps.lastElementChild;
    last.querySelector("select").focus();
    if (button.value === "usual") button.hidden = true;
  };

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button || !["add", "row", "step"].includes(button.name)) return;
    if (button.hidden) return;
    event.preventDefault();
    if (button.name === "add") add(button);
    else if (button.value === "more" || button.value === "usual") addSteps(button);
    else change(button, button.closest("li"));
  });
  findButton.addEventListener("click", (event) => {
    event.preventDefault();
    asked = "";
    search().catch(() => send(findButton));
  });
})();
