// Makes the questionnaire easier on a phone: one part a screen, a progress bar, and, only if asked, answers kept in this tab.
// It sends nothing, and everything works without it.
(() => {
  "use strict";
  const HOURS_2 = 2 * 60 * 60 * 1000;
  const $ = (id) => document.getElementById(id);
  const root = document.documentElement;
  const form = document.querySelector("form.fill");
  const store = (() => { try { return window.sessionStorage; } catch { return null; } })();
  const key = (scan) => "answers:" + scan;

  // Language
  const languages = [...document.querySelectorAll(".languages input")];
  const speak = () => {
    const chosen = languages.find((radio) => radio.checked);
    if (!chosen) return;
    root.lang = root.dataset.language = chosen.value;
    document.title = chosen.dataset.title;
  };
  languages.forEach((radio) => radio.addEventListener("change", speak));
  window.addEventListener("pageshow", speak);
  speak();

  // Leave quickly: forget, blank the screen, leave no history
  const exit = $("quick-exit");
  exit?.addEventListener("click", (event) => {
    event.preventDefault();
    store?.clear();
    form?.reset();
    root.hidden = true;
    window.location.replace(exit.href);
  });

  const sent = document.querySelector("[data-forget]");
  if (sent) store?.removeItem(key(sent.dataset.forget));
  document.querySelector("#errors")?.focus();
  if (!form) return;

  // One part a screen
  const steps = [...form.querySelectorAll(".step")];
  const walk = form.querySelector(".walk");
  let at = 0;
  const show = (place, move = true) => {
    at = Math.max(0, Math.min(place, steps.length - 1));
    steps.forEach((step, i) => { step.hidden = i !== at; });
    $("back").hidden = at === 0;
    $("next").hidden = at === steps.length - 1;
    walk.classList.toggle("first", at === 0);
    form.classList.toggle("walking", at > 0);
    form.querySelector(".progressbox").hidden = at === 0;
    $("at").textContent = at;
    $("of").textContent = steps.length - 1;
    $("progress").max = steps.length - 1;
    $("progress").value = at;
    if (!move) return;
    document.querySelector(".help").open = false;
    window.scrollTo(0, 0);
    (at ? steps[at].querySelector("h2") : $("title")).focus({ preventScroll: true });
  };
  const go = (place) => { history.pushState({ at: place }, ""); show(place); };
  form.classList.add("stepped");
  walk.hidden = false;
  $("next").addEventListener("click", () => go(at + 1));
  $("back").addEventListener("click", () => go(at - 1));
  window.addEventListener("popstate", (event) => show(event.state?.at ?? 0));
  document.querySelectorAll("#errors a").forEach((link) => link.addEventListener("click", (event) => {
    const target = document.querySelector(link.hash);
    event.preventDefault();
    go(steps.findIndex((step) => step.contains(target)));
    target.scrollIntoView();
    (target.matches("fieldset") ? target.querySelector("input") : target).focus();
  }));
  // Enter in a field must not send the form half-way
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input") && at < steps.length - 1) event.preventDefault();
  });

  // Kept on somebody's own phone only, until sent, quick exit or two hours
  const own = $("own-phone");
  const place = key(form.dataset.keep);
  const answers = () => [...new FormData(form)].filter(([name, value]) => !name.startsWith("_") && value);
  const keep = () => {
    if (own.checked) store.setItem(place, JSON.stringify({ since, at, answers: answers() }));
    else store.removeItem(place);
  };
  let since = Date.now();
  const forget = () => { store.removeItem(place); own.checked = false; };
  const restore = () => {
    const kept = JSON.parse(store.getItem(place) || "null");
    if (!kept) return 0;
    if (Date.now() - kept.since > HOURS_2) { forget(); return 0; }
    since = kept.since;
    own.checked = true;
    if ($("errors")) return 0;
    for (const [name, value] of kept.answers) {
      const field = form.elements.namedItem(name);
      if (field) field.value = value;
    }
    return kept.at;
  };
  let start = 0;
  if (store) {
    own.closest(".own").hidden = false;
    start = restore();
    own.addEventListener("change", () => { since = Date.now(); });
    form.addEventListener("change", keep);
    form.addEventListener("input", keep);
    $("next").addEventListener("click", keep);
    setInterval(() => { if (own.checked && Date.now() - since > HOURS_2) forget(); }, 60000);
  }
  history.replaceState({ at: start }, "");
  show($("errors") ? steps.length - 1 : start, false);

  // Send once, again after a failure
  const send = $("send");
  const calm = () => { send.disabled = false; $("sending").textContent = ""; };
  form.addEventListener("submit", (event) => {
    $("offline").hidden = navigator.onLine;
    if (!navigator.onLine || send.disabled) { event.preventDefault(); return; }
    $("sending").innerHTML = $("sending-text").innerHTML;
    setTimeout(() => { send.disabled = true; });
    setTimeout(calm, 8000);
  });
  window.addEventListener("pageshow", calm);
})();
