// Small comforts on top of pages that work without any script.
(() => {
  "use strict";
  const TOAST_MS = 20000;
  let toastTimer = 0;

  const closeMenus = (except) => {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (menu !== except) menu.open = false;
    });
  };

  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details.menu"));
    if (!event.target.closest("[data-close]")) return;
    event.preventDefault();
    clearToast();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest("details.menu[open]");
    closeMenus(null);
    if (menu) menu.querySelector("summary").focus();
    else clearToast();
  });

  const toast = () => document.getElementById("toast");

  function clearToast() {
    clearTimeout(toastTimer);
    if (toast()) toast().replaceChildren();
  }

  // A message stays as long as somebody is using it.
  function waitThenClear() {
    clearTimeout(toastTimer);
    toastTimer = setTimeout(() => {
      const host = toast();
      if (host && host.matches(":hover, :focus-within")) waitThenClear();
      else clearToast();
    }, TOAST_MS);
  }

  document.addEventListener("htmx:oobAfterSwap", (event) => {
    if (event.detail.target && event.detail.target.id === "toast") waitThenClear();
  });
  if (toast() && toast().children.length) waitThenClear();

  // When the button that was pressed is gone after a swap, put the focus where the server says, or on the new part.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (document.activeElement && document.activeElement !== document.body) return;
    const part = event.detail.elt;
    const place = part.querySelector("[data-focus], .is-invalid") || part;
    if (!place.matches("a, button, input, select, textarea, summary, [tabindex]")) place.tabIndex = -1;
    place.focus({ preventScroll: place === part });
  });

  // No answer is the signal's doing; an answer that refuses is most often a page that grew old.
  const tell = (what) => {
    const live = document.getElementById("live");
    live.classList.remove("visually-hidden");
    live.textContent = live.dataset[what];
  };
  document.addEventListener("htmx:sendError", () => tell("offline"));
  document.addEventListener("htmx:timeout", () => tell("offline"));
  document.addEventListener("htmx:responseError", () => tell("refused"));
  document.addEventListener("htmx:beforeRequest", () => {
    const live = document.getElementById("live");
    live.classList.add("visually-hidden");
    live.textContent = "";
  });

  // A page that shows a day as today is loaded anew when somebody comes back to it after that day.
  const renewAfterItsDay = () => {
    const ends = [...document.querySelectorAll("[data-day-ends]")].map((part) => Number(part.dataset.dayEnds));
    if (Math.min(...ends) <= Date.now()) location.replace(location.pathname);
  };
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") renewAfterItsDay();
  });
  // Only a page out of the browser's memory: a fresh one is right, even where the phone's clock is not.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) renewAfterItsDay();
  });
})();
