// The bot's HTML as DOM nodes: only what is listed here is copied, everything else stays text.

const TAGS = new Set(["B", "I", "CODE"]);
const LINKS = /^(https?:\/\/|tel:)/i;

// International numbers, German numbers with their area code, and the 116 lines.
const PHONES = /\+\d[\d \u00a0()/–-]{5,}\d|(?<![\d.,:/+])0\d{2,5}[ \u00a0/–-]?\d[\d \u00a0/–-]{3,}\d|(?<![\d+])116[ \u00a0]?\d{3}(?!\d)/u;
const EMERGENCY = /^11[02]$/;
const COMMANDS = /(?<![\p{L}\d/:.-])\/[a-z]{2,32}(?![\p{L}\d/])/u;
const ACTIVE = new RegExp(`${PHONES.source}|(?<command>${COMMANDS.source})`, "gu");

/**
 * A fragment with the tags b, i, code and safe links. Line breaks stay, phone numbers can be called,
 * and commands ("/menu") are buttons that call `run` with the command's name.
 */
export function safeHtml(html, run) {
  const source = new DOMParser().parseFromString(html, "text/html").body;
  const target = document.createDocumentFragment();
  copyChildren(source, target, run);
  return target;
}

/** A link to an http(s) or tel address; null for any other address. */
export function safeLink(url) {
  if (!LINKS.test(url)) return null;
  const link = document.createElement("a");
  link.href = url;
  if (!/^tel:/i.test(url)) {
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
  return link;
}

function copyChildren(source, target, run) {
  for (const node of source.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) target.append(...activated(node.data, source, run));
    else if (node.nodeType === Node.ELEMENT_NODE) copyElement(node, target, run);
  }
}

function copyElement(element, target, run) {
  const copy = element.tagName === "A" ? safeLink(element.getAttribute("href") ?? "")
    : TAGS.has(element.tagName) ? document.createElement(element.tagName) : null;
  if (copy) target.append(copy);
  if (!["SCRIPT", "STYLE", "TEMPLATE"].includes(element.tagName)) copyChildren(element, copy ?? target, run);
}

function activated(text, parent, run) {
  if (parent.closest("a, code")) return [text];
  // 112 and 110 only where the bot sets them apart: elsewhere they may be a house number.
  if (parent.tagName === "B" && EMERGENCY.test(text.trim())) return [phoneLink(text)];
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(ACTIVE)) {
    parts.push(text.slice(end, match.index), match.groups.command ? command(match[0], run) : phoneLink(match[0]));
    end = match.index + match[0].length;
  }
  return [...parts, text.slice(end)];
}

function phoneLink(shown) {
  const link = safeLink(`tel:${shown.replace("(0)", "").replace(/[^\d+]/g, "")}`);
  link.textContent = shown;
  return link;
}

function command(shown, run) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "command", textContent: shown });
  button.addEventListener("click", () => run(shown.slice(1)));
  return button;
}
