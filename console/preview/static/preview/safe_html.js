// The bot's HTML as DOM nodes: only what is listed here is copied, everything else stays text.

const TAGS = new Set(["B", "I", "CODE"]);
const LINKS = /^(https?:\/\/|tel:)/i;

// International numbers, German numbers with their area code, and the 116 lines.
const PHONES = /\+\d[\d \u00a0()/–-]{5,}\d|(?<![\d.,:/+])0\d{2,5}[ \u00a0/–-]?\d[\d \u00a0/–-]{3,}\d|(?<![\d+])116[ \u00a0]?\d{3}(?!\d)/g;
const EMERGENCY = /^11[02]$/;

/** A fragment with the tags b, i, code and safe links; line breaks stay, phone numbers can be called. */
export function safeHtml(html) {
  const source = new DOMParser().parseFromString(html, "text/html").body;
  const target = document.createDocumentFragment();
  copyChildren(source, target);
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

function copyChildren(source, target) {
  for (const node of source.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) target.append(...withPhones(node.data, source));
    else if (node.nodeType === Node.ELEMENT_NODE) copyElement(node, target);
  }
}

function copyElement(element, target) {
  const copy = element.tagName === "A" ? safeLink(element.getAttribute("href") ?? "")
    : TAGS.has(element.tagName) ? document.createElement(element.tagName) : null;
  if (copy) target.append(copy);
  if (!["SCRIPT", "STYLE", "TEMPLATE"].includes(element.tagName)) copyChildren(element, copy ?? target);
}

function withPhones(text, parent) {
  if (parent.closest("a, code")) return [text];
  // 112 and 110 only where the bot sets them apart: elsewhere they may be a house number.
  if (parent.tagName === "B" && EMERGENCY.test(text.trim())) return [phoneLink(text)];
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(PHONES)) {
    parts.push(text.slice(end, match.index), phoneLink(match[0]));
    end = match.index + match[0].length;
  }
  return [...parts, text.slice(end)];
}

function phoneLink(shown) {
  const link = safeLink(`tel:${shown.replace("(0)", "").replace(/[^\d+]/g, "")}`);
  link.textContent = shown;
  return link;
}
