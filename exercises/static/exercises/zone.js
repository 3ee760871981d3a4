// Chooses the time zone that the device is set to, where nobody has chosen one yet.
(() => {
  "use strict";
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  document.querySelectorAll("select[data-guess-zone]").forEach((select) => {
    if (!select.value && [...select.options].some((option) => option.value === zone)) select.value = zone;
  });
})();
