// What is on the screen: bubbles, buttons, notices, the page's own texts.

import { safeHtml, safeLink } from "./safe_html.js";

const find = (id) => document.getElementById(id);
const TEXTS = JSON.parse(find("texts").textContent);
const [log, scroller, typing, banner, keyboard] = ["log", "scroller", "typing", "banner", "keyboard"].map(find);
const [NEAR_END_PX, MARGIN_PX] = [120, 8];
let answerFrom = null; // the first of the bot's bubbles since the person's last one

export const text = (name) => TEXTS[document.documentElement.lang][name];

export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** Say everything the page says itself in another language. Returns false where it is not spoken here. */
export function speak(language) {
  if (!TEXTS[language]) return false;
  document.documentElement.lang = language;
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = text(node.dataset.text);
  for (const node of document.querySelectorAll("[data-label]")) node.ariaLabel = text(node.dataset.label);
  for (const node of document.querySelectorAll("[data-placeholder]")) node.placeholder = text(node.dataset.placeholder);
  for (const link of document.querySelectorAll("#languages a")) {
    link.ariaCurrent = link.lang === language ? "true" : null;
  }
  return true;
}

/** The bot's bubble with its buttons; `press` gets a pressed button and its element, `run` a command's name. */
export function showReply(reply, at, press, run) {
  const words = safeHtml(reply.html, run);
  const file = reply.document ? [fileLink(reply.document)] : [];
  const bubble = element("div", { className: "bubble" }, ...file, words, timeOf(at));
  const turn = element("article", { className: "turn bot" }, bubble);
  const asksLocation = reply.buttons.some((row) => row.some((button) => button.asks_location));
  if (reply.buttons.length && !asksLocation) turn.append(buttonRows(reply.buttons, press));
  if (asksLocation) showKeyboard(reply.buttons, press);
  if (reply.closes_keyboard) hideKeyboard();
  answerFrom ??= turn;
  append(turn, false);
}

/** The person's bubble. The text is only ever text. */
export function showOwn(words, at) {
  const who = element("span", { className: "visually-hidden", textContent: `${text("you")}: ` });
  const bubble = element("div", { className: "bubble" }, who, words, timeOf(at));
  const turn = element("article", { className: "turn own" }, bubble);
  hideKeyboard();
  answerFrom = null;
  append(turn, true);
  return turn;
}

/** Under the person's bubble: why it was not sent, and a way to send it again. */
export function showUnsent(turn, reason, again) {
  const retry = element("button", { type: "button", textContent: text("send_again") });
  const words = element("span", { textContent: `${text("not_sent")} ${reason} ` });
  const failure = element("p", { className: "failure", role: "alert" }, words, retry);
  retry.addEventListener("click", () => { failure.remove(); again(); });
  turn.append(failure);
  scrollToEnd();
}

/** A sentence of the page itself, among the bubbles. */
export function showNotice(words) {
  append(element("p", { className: "notice", textContent: words }), true);
}

export function showBanner(words) {
  banner.textContent = words;
  banner.hidden = !words;
}

export function showTyping(shown) {
  typing.hidden = !shown;
  if (shown) scrollToEnd();
}

export function caughtUp() {
  log.ariaBusy = "false";
}

export function hideKeyboard() {
  keyboard.replaceChildren();
  keyboard.hidden = true;
}

function showKeyboard(rows, press) {
  keyboard.replaceChildren(buttonRows(rows, press));
  keyboard.hidden = false;
}

function buttonRows(rows, press) {
  const made = rows.map((row) => element("div", { className: "row" }, ...row.map((one) => button(one, press))));
  return element("div", { className: "buttons" }, ...made);
}

function button(one, press) {
  const link = one.url ? safeLink(one.url) : null;
  if (link) return Object.assign(link, { className: "button", textContent: one.label });
  const made = element("button", { type: "button", className: "button", textContent: one.label });
  made.addEventListener("click", () => press(one, made));
  return made;
}

// What else a file claims to be, the browser would show as a page of ours.
const FILE_TYPES = new Set(["application/pdf", "text/calendar"]);

function fileLink({ name, media_type: type, content }) {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const file = new Blob([bytes], { type: FILE_TYPES.has(type) ? type : "application/octet-stream" });
  return element("a", { className: "file", href: URL.createObjectURL(file), download: name, textContent: `📎 ${name}` });
}

function timeOf(at) {
  const shown = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "short" }).format(at);
  return element("time", { dateTime: at.toISOString(), textContent: shown });
}

function append(node, always) {
  const follow = always || isNearEnd();
  log.append(node);
  if (follow) scrollToEnd();
}

function isNearEnd() {
  return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END_PX;
}

/** To the end, but never past the beginning of the last answer: a long one is read from its first line. */
function scrollToEnd() {
  scroller.scrollTop = scroller.scrollHeight;
  if (answerFrom && answerFrom.offsetTop < scroller.scrollTop) scroller.scrollTop = answerFrom.offsetTop - MARGIN_PX;
}

// What was in view stays in view when a keyboard, the phone's own or ours, takes room.
let nearEnd = true;
scroller.addEventListener("scroll", () => { nearEnd = isNearEnd(); });
new ResizeObserver(() => { if (nearEnd) scrollToEnd(); }).observe(scroller);
