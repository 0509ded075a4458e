/* Keeps the page of long work up to date without loading it anew: focus, and the place of a screen reader, stay where they are.
   Once the work is no longer under way the page is loaded again, to show what came of it. */
(() => {
  const EVERY = 2000;

  const put = (id, fresh) => {
    const old = document.getElementById(id), now = fresh.getElementById(id);
    // Only what changed, so that a screen reader says a stage once.
    if (now && old.innerHTML !== now.innerHTML) old.innerHTML = now.innerHTML;
    return Boolean(now);
  };

  const look = async () => {
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!put("stage", fresh)) return location.reload();
      put("step", fresh);
      put("bar", fresh);
    } catch { /* The server is away for a moment; look again. */ }
    setTimeout(look, EVERY);
  };

  if (document.getElementById("stage")) setTimeout(look, EVERY);
})();
