// A link that nobody can trace: this browser has a closed envelope stamped (a blind signature), and sends what was
// in it with the answers. Nothing is sent before a click.
const { subtle } = crypto;
const $ = (id) => document.getElementById(id);

// Bytes, numbers, text (base64url)
const join = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
const random = (length) => crypto.getRandomValues(new Uint8Array(length));
const sha = async (bits, ...parts) => new Uint8Array(await subtle.digest("SHA-" + bits, join(...parts)));
const print = async (bytes, length) => pack((await sha(256, bytes)).slice(0, length));
const utf8 = (text) => new TextEncoder().encode(text);
const pack = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
const unpack = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt());
const toNumber = (bytes) => BigInt(bytes.reduce((text, one) => text + one.toString(16).padStart(2, 0), "0x"));
const toBytes = (number, size) =>
  Uint8Array.from(number.toString(16).padStart(2 * size, 0).match(/../g), (pair) => "0x" + pair);

// Modulo n: power 65537, inverse
const power = (base, n) => {
  let found = base;
  for (let i = 16; i--;) found = found * found % n;
  return found * base % n;
};
const inverse = (number, n) => {
  let [r, s, t, u] = [n, number, 0n, 1n];
  while (s) [r, s, t, u] = [s, r % s, u, t - r / s * u];
  return (t + n) % n;
};

// RSABSSA-SHA384 (RFC 9474) with EMSA-PSS (RFC 8017, 9.1.1)
const encode = async (message, bits, salt) => {
  const length = Math.ceil(bits / 8);
  const digest = await sha(384, new Uint8Array(8), await sha(384, message), salt);
  const block = join(new Uint8Array(length - salt.length - 50), [1], salt);
  for (let i = 0; i < block.length; i += 48) {
    const mask = await sha(384, digest, [0, 0, 0, i / 48]);
    for (let j = i; j < i + 48; j++) block[j] ^= mask[j - i];
  }
  block[0] &= 255 >> 8 * length - bits;
  return join(block, digest, [188]);
};
export const blind = async (n, prepared, salt, factor) => {
  const bits = n.toString(2).length;
  const encoded = toNumber(await encode(prepared, bits - 1, salt));
  return { blinded: toBytes(encoded * power(factor, n) % n, Math.ceil(bits / 8)), inv: inverse(factor, n) };
};
export const finalize = async (n, prepared, signed, inv, saltLength) => {
  const signature = toBytes(toNumber(signed) * inv % n, signed.length);
  const jwk = { kty: "RSA", n: pack(toBytes(n, signed.length)), e: "AQAB" };
  const key = await subtle.importKey("jwk", jwk, { name: "RSA-PSS", hash: "SHA-384" }, false, ["verify"]);
  if (!await subtle.verify({ name: "RSA-PSS", saltLength }, key, signature, prepared)) throw new Error("forged");
  return signature;
};

// A fingerprint as words to say (arXiv:0901.4016)
const word = (pair) => [12, 10, 6, 4, 0].map((shift, i) =>
  i % 2 ? "aiou"[pair >> shift & 3] : "bdfghjklmnprstvz"[pair >> shift & 15]).join("");
export const words = (raw) => [...Array(8)].map((_, i) => word(raw[2 * i] << 8 | raw[2 * i + 1])).join("-");

const form = $("form"), steps = [...form.querySelectorAll(".step")];
const [token, stratum, known] = location.hash.slice(1).split(".");
let state, place, at = 0, busy;

const say = (name) => {
  $("said").innerHTML = name && $("say-" + name).innerHTML;
  if (name) $("said").scrollIntoView();
};

// Asked until answered
const insist = async (address, read, more) => {
  for (let wait = 1; ; wait = Math.min(2 * wait, 16)) {
    try {
      const answer = await fetch(address, { ...more, credentials: "omit", signal: AbortSignal.timeout?.(3e4) });
      if (answer.status < 500) return await answer[read]();
      say("later");
    } catch {
      say("offline");
    }
    await new Promise((again) => { setTimeout(again, 1000 * wait); addEventListener("online", again); });
  }
};

// Always at one length
const post = (address, content) => {
  const text = JSON.stringify({ ...content, pad: "" }), { length } = form.dataset;
  const body = text.slice(0, -2) + " ".repeat(length - utf8(text).length % length) + '"}';
  return insist(address, "json", { method: "POST", body });
};

// Kept until the receipt: random numbers, no answers
const box = (() => { try { return localStorage; } catch { return {}; } })();
const keep = () => { box[place] = JSON.stringify(state); };
const forget = () => { state = null; delete box[place]; };

// Gives what is wrong, or nothing
const enter = async () => {
  const raw = new Uint8Array(await insist("manifest.json", "arrayBuffer"));
  if (await print(raw, 16) !== known) return "mismatch";
  const { scan, strata, script } = JSON.parse(new TextDecoder().decode(raw));
  const key = strata.find((one) => one.number == stratum);
  if (!key || scan !== form.dataset.scan || !import.meta.url.endsWith("/" + script.name)) return "mismatch";
  const modulus = unpack(key.modulus), n = toNumber(modulus);
  place = "weerklank " + await print(utf8(token), 8);
  state ||= JSON.parse(box[place] || null);
  if (!state) {
    const nonce = random(32), prefix = random(32);
    let factor;
    do factor = toNumber(random(modulus.length)); while (factor >= n || !factor);
    const { blinded, inv } = await blind(n, join(prefix, nonce), random(48), factor);
    state = { nonce: pack(nonce), prefix: pack(prefix), blinded: pack(blinded), inv: String(inv) };
    keep();
  }
  if (state.signature) return;
  const { trouble, signature } = await post("issue", { token, stratum: +stratum, blinded: state.blinded });
  if (trouble) { forget(); return trouble; }
  const prepared = join(unpack(state.prefix), unpack(state.nonce));
  try {
    state.signature = pack(await finalize(n, prepared, unpack(signature), BigInt(state.inv), 48));
  } catch { return "mismatch"; }
  keep();
};

const send = async () => {
  const { nonce, prefix, signature } = state;
  const answers = Object.fromEntries([...new FormData(form)].filter(([name, value]) => value && name[0] !== "_"));
  const { trouble, item, receipt } = await post("receive", { nonce, prefix, signature, stratum: +stratum, answers });
  if (item) show(steps.findIndex((step) => step.querySelector(`[name="${item}"]`)));
  if (trouble) return trouble;
  forget();
  form.reset();
  $("lang-" + document.documentElement.lang)?.click();
  form.hidden = true;
  $("done").hidden = false;
  $("receipt").innerHTML = receipt.replace(/..../g, "<span>$&</span> ");
  $("done").querySelector("h1").focus();
};

const show = (to) => {
  at = to;
  steps.forEach((step, i) => { step.hidden = i !== at; });
  $("back").hidden = $("bar").hidden = !at;
  $("next").hidden = at === steps.length - 1;
  $("walk").classList.toggle("first", !at);
  form.classList.toggle("walking", at);
  $("at").textContent = $("progress").value = at;
  scrollTo(0, 0);
  (at ? steps[at].querySelector("h2") : $("title")).focus({ preventScroll: true });
};
const go = () => { history.pushState(at + 1, ""); show(at + 1); };
const work = async (act, then) => {
  if (busy) return;
  busy = true;
  say("wait");
  const trouble = await act().catch(() => "offline");
  busy = false;
  say(trouble || "");
  trouble || then?.();
};

$("without").hidden = true;
history.replaceState(0, "");
document.querySelector(".languages")?.addEventListener("change", (event) => {
  document.documentElement.lang = event.target.value;
});
if (/^en/.test(navigator.language)) $("lang-en")?.click();
if (!/^[\w-]{22}\.\d+\.[\w-]{22}$/.test(location.hash.slice(1))) say("incomplete");
else if (!subtle) say("old");
else {
  $("words").textContent = words(unpack(known));
  $("walk").hidden = $("compare").hidden = false;
}
$("next").addEventListener("click", () => at ? go() : work(enter, go));
$("back").addEventListener("click", () => history.back());
addEventListener("hashchange", () => location.reload());
addEventListener("popstate", (event) => busy || show(event.state));
form.addEventListener("submit", (event) => event.preventDefault());
$("send").addEventListener("click", () => work(send));
$("quick-exit").addEventListener("click", (event) => {
  event.preventDefault();
  form.reset();
  location.replace(event.currentTarget.href);
});
