// The password is shown while it is typed. Browsers offer to keep one only when its box says what it is.
(() => {
  "use strict";
  const password = document.querySelector('input[autocomplete="new-password"]');
  if (password) password.form.addEventListener("submit", () => { password.type = "password"; });
})();
