// The conversation: turns go out by POST, replies come in as server-sent events.

import {
  caughtUp, showBanner, showNotice, showOwn, showReply, showTyping, showUnsent, speak, text,
} from "./view.js";

const { turns: TURNS, replies: REPLIES, mark: MARK } = document.body.dataset;
const TOKEN = document.querySelector("[name=csrfmiddlewaretoken]").value;
const [SEND_TIMEOUT_MS, SLOW_MS, BANNER_AFTER_MS, LISTEN_AGAIN_MS, KEPT] = [15_000, 20_000, 4_000, 3_000, 100];
const input = document.getElementById("input");

// --- What the person said, kept in this tab only, so that reloading shows both sides of the conversation.

const STORE = `lotse:${MARK}`;
const said = JSON.parse(sessionStorage.getItem(STORE) ?? "[]");
const unshown = [...said];
let lastId = "0-0";
let empty = said.length === 0;

function keep(words, after) {
  said.push({ words, after, at: Date.now() });
  sessionStorage.setItem(STORE, JSON.stringify(said.slice(-KEPT)));
}

function showSaidBefore(id) {
  while (unshown.length && (!id || isEarlier(unshown[0].after, id))) {
    const { words, at } = unshown.shift();
    showOwn(words, new Date(at));
  }
}

function isEarlier(one, other) {
  const [[ms, n], [otherMs, otherN]] = [one, other].map((id) => id.split("-").map(Number));
  return ms < otherMs || (ms === otherMs && n < otherN);
}

// --- Replies

let source = null;
let bannerTimer = 0;
let slowTimer = 0;

function listen() {
  source = new EventSource(`${REPLIES}?after=${lastId}`);
  source.addEventListener("open", connected);
  source.addEventListener("reply", (event) => receive(event.lastEventId, JSON.parse(event.data)));
  source.addEventListener("ready", ready);
  source.addEventListener("error", disconnected);
}

function connected() {
  clearTimeout(bannerTimer);
  bannerTimer = 0;
  showBanner("");
}

async function disconnected() {
  bannerTimer ||= setTimeout(() => showBanner(text("offline")), BANNER_AFTER_MS);
  if (source.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
  setTimeout(listen, LISTEN_AGAIN_MS);
  const reason = await refusal();
  if (reason) showBanner(reason);
}

/** Why the replies cannot be read: a browser does not tell what an event stream was refused with. */
async function refusal() {
  const asking = new AbortController();
  try {
    const response = await fetch(`${REPLIES}?after=${lastId}`, { signal: asking.signal });
    return response.ok ? "" : await errorOf(response);
  } catch {
    return "";
  } finally {
    asking.abort();
  }
}

function receive(id, reply) {
  showSaidBefore(id);
  lastId = id;
  empty = false;
  expectReply(false);
  showReply(reply, new Date(Number(id.split("-")[0])), press, run);
}

function ready() {
  showSaidBefore("");
  caughtUp();
  if (!empty) return;
  empty = false;
  // The key is the same for some seconds: a hurried reload does not greet twice.
  submit({ kind: "command", payload: "start", key: `start-${Math.floor(Date.now() / 10_000)}` }, null);
}

function expectReply(waiting) {
  clearTimeout(slowTimer);
  showTyping(waiting);
  if (waiting) slowTimer = setTimeout(() => { showTyping(false); showNotice(text("slow")); }, SLOW_MS);
}

// --- Turns

let sending = Promise.resolve();

/** Show what the person did and send it after everything sent before. */
function say(words, turn) {
  const [bubble, after] = [showOwn(words, new Date()), lastId];
  submit({ ...turn, key: newKey() }, bubble, () => keep(words, after));
}

function submit(turn, bubble, sent = () => {}) {
  expectReply(true);
  sending = sending.then(() => deliver(turn)).then(sent, (error) => {
    expectReply(false);
    if (bubble) showUnsent(bubble, error.message, () => submit(turn, bubble, sent));
    else showBanner(error.message);
  });
}

async function deliver(turn) {
  let response;
  try {
    response = await fetch(TURNS, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": TOKEN },
      body: JSON.stringify(turn),
      signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
    });
  } catch {
    throw new Error(text("offline"));
  }
  if (!response.ok) throw new Error(await errorOf(response));
}

async function errorOf(response) {
  const fallback = text(response.status === 403 ? "page_expired" : "error_unreachable");
  return response.json().then((answer) => answer.error ?? fallback, () => fallback);
}

function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function press(button, pressed) {
  if (button.asks_location) return shareLocation(pressed);
  if (!button.payload) return say(button.label, { kind: "text", text: button.label });
  const [verb, language] = button.payload.split(":");
  if (verb === "lang" && language) choose(language);
  say(button.label, { kind: "button", payload: button.payload });
}

function run(command) {
  say(`/${command}`, { kind: "command", payload: command });
}

function shareLocation(pressed) {
  const label = pressed.textContent;
  Object.assign(pressed, { disabled: true, textContent: text("locating") });
  const failed = (error) => {
    Object.assign(pressed, { disabled: false, textContent: label });
    showNotice(text(error?.code === 1 ? "location_denied" : "location_failed"));
    input.focus();
  };
  if (!navigator.geolocation) return failed();
  navigator.geolocation.getCurrentPosition(({ coords }) => {
    // Three decimals, about a hundred metres: enough for the district, and nobody's front door.
    const [lat, lon] = [coords.latitude, coords.longitude].map((value) => Number(value.toFixed(3)));
    say(text("location_shared"), { kind: "location", lat, lon });
  }, failed, { timeout: 20_000, maximumAge: 600_000 });
}

// --- Language of the page, input field, beginning

function choose(language) {
  if (!speak(language)) return;
  document.cookie = `preview_language=${language}; Path=${location.pathname}; SameSite=Strict`;
}

function sendInput() {
  const words = input.value.trim();
  if (!words) return;
  input.value = "";
  grow();
  say(words, { kind: "text", text: words });
}

function grow() {
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight + 2}px`;
}

document.getElementById("languages").addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link) return;
  event.preventDefault();
  choose(link.lang);
  say(link.ariaLabel, { kind: "button", payload: `lang:${link.lang}` });
});
document.getElementById("composer").addEventListener("submit", (event) => { event.preventDefault(); sendInput(); });
document.getElementById("anew").addEventListener("submit", () => sessionStorage.removeItem(STORE));
input.addEventListener("input", grow);
input.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  sendInput();
});
addEventListener("pagehide", () => source?.close());
addEventListener("pageshow", (event) => { if (event.persisted) listen(); });

if (matchMedia("(hover: hover)").matches) input.focus();
listen();
