/* Shows what is typed as it will look, a moment after the typing stops. Without this script the button does the same.
   The server makes the words harmless; the page's policy lets no script in them run. */
(() => {
  const QUIET = 600;
  const form = document.querySelector("form[data-preview]"), shown = document.getElementById("preview");
  if (!form || !shown) return;
  let waiting = 0, asked = 0;

  const show = async () => {
    const mine = ++asked;
    try {
      const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form), redirect: "error" });
      if (!answer.ok) return;
      const fresh = await answer.text();
      if (mine === asked && shown.innerHTML !== fresh) shown.innerHTML = fresh;
    } catch { /* The server is away for a moment; the next key asks again. */ }
  };

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, QUIET);
  });
  show();
})();
