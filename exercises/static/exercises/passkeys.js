// Passkeys: the buttons that only work with a script, on top of allauth's own.
(() => {
  "use strict";
  const forms = window.allauth && window.allauth.webauthn && window.allauth.webauthn.forms;
  const starters = {
    login: (button, credential) => forms.loginForm({ ids: { login: button, credential } }),
    give: (button, credential) => forms.authenticateForm({ ids: { authenticate: button, credential, data: "js_data" } }),
    add: (button, credential) =>
      forms.addForm({ ids: { add: button, credential, passwordless: "passkey-always", data: "js_data" } }),
  };
  const tell = (text) => {
    document.querySelectorAll("[data-passkey-error]").forEach((place) => {
      place.textContent = text || place.dataset.passkeyError;
      place.hidden = false;
    });
  };

  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    const button = form.querySelector("[data-passkey-button]");
    const credential = form.querySelector("[name=credential]");
    if (!forms || !window.PublicKeyCredential) {
      form.querySelectorAll("[data-passkey-none]").forEach((words) => (words.hidden = false));
      return;
    }
    starters[form.dataset.passkey](button.id, credential.id);
    form.hidden = button.hidden = false;
  });

  // Closed by the person, not known to this device, or not possible at this address: one sentence for all.
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    tell();
  });
})();
