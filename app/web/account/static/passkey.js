/* Asks the browser for a passkey when its form is sent, and sends the form with the answer. Without this script, or in a browser
   that knows no passkeys, the form stays hidden and the page says so. Nothing is fetched: questions stand in the page. */
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const keys = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const question = (options) => {
    const asked = { ...options.publicKey, challenge: bytes(options.publicKey.challenge), timeout: 240000 };
    if (asked.user) asked.user = { ...asked.user, id: bytes(asked.user.id) };
    if (asked.excludeCredentials) asked.excludeCredentials = keys(asked.excludeCredentials);
    if (asked.allowCredentials) asked.allowCredentials = keys(asked.allowCredentials);
    return { publicKey: asked };
  };

  const answer = (found) => {
    const response = { clientDataJSON: text(found.response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (found.response[name]) response[name] = text(found.response[name]);
    }
    return JSON.stringify({ id: found.id, rawId: text(found.rawId), type: found.type, response, clientExtensionResults: {} });
  };

  const start = (form) => {
    const box = form.querySelector("[data-said]"), button = form.querySelector("button");
    const say = (words) => {
      box.hidden = !words;
      box.firstElementChild.textContent = words;
    };
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      say("");
      button.disabled = true;
      try {
        const asked = question(JSON.parse(form.dataset.options));
        const found = await navigator.credentials[form.dataset.passkey](asked);
        form.elements.answer.value = answer(found);
        form.submit();
      } catch (error) {
        const { cancelled, known, failed } = form.dataset;
        say({ NotAllowedError: cancelled, AbortError: cancelled, InvalidStateError: known }[error.name] || failed);
        button.disabled = false;
        button.focus();
      }
    });
  };

  if (!window.PublicKeyCredential || !navigator.credentials) return;
  document.querySelectorAll("[data-without-passkeys]").forEach((one) => { one.hidden = true; });
  document.querySelectorAll("[data-with-passkeys]").forEach((one) => { one.hidden = false; });
  document.querySelectorAll("form[data-passkey]").forEach(start);
})();
