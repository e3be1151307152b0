/**
 * The one place where the paper's HTML enters another site's page, always inside a shadow root.
 *
 * The paper makes all HTML; nothing here builds any. The words and the rules are those of the paper's own pages
 * (`masthead/swap`), which cannot be used here: it needs the import map and the document of the paper.
 */
import { hold, isTyped } from "./keep.js";

/** @typedef {{ createHTML: (html: string) => string }} Policy */
/** @type {Policy | undefined} */
const policy = Reflect.get(globalThis, "trustedTypes")?.createPolicy("masthead-embed", {
  createHTML: (/** @type {string} */ html) => html,
});

/**
 * @param {string} html
 * @returns {DocumentFragment}
 */
export function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = policy ? policy.createHTML(html) : html;
  return template.content;
}

/**
 * Put a fragment in place: parts with `data-replaces`, `data-append` and `data-prepend` where they belong, the rest at
 * `target`. Forms that stand open stay so with their words, and focus stays where it was. Says what `data-announce` holds
 * and returns what arrived.
 * @param {ShadowRoot} root
 * @param {DocumentFragment} fragment
 * @param {Element | null} target
 * @param {string} [how] replace, fill, append, prepend, before or after
 */
export function swap(root, fragment, target, how = "replace") {
  const bringBack = hold(root);
  const arrived = sendHome(root, fragment);
  if (target) {
    arrived.push(...fragment.children);
    insert(fragment, target, how);
  }
  bringBack();
  for (const element of arrived) {
    announce(root, within(element, "[data-announce]")?.getAttribute("data-announce") ?? "");
    for (const undo of element.querySelectorAll("undo-button")) setTimeout(() => undo.remove(), 10_000);
  }
  return arrived;
}

/**
 * @param {DocumentFragment} fragment
 * @param {Element} target
 * @param {string} how
 */
function insert(fragment, target, how) {
  if (how === "fill") target.replaceChildren(fragment);
  else if (how === "append") target.append(fragment);
  else if (how === "prepend") target.prepend(fragment);
  else if (how === "before") target.before(fragment);
  else if (how === "after") target.after(fragment);
  else target.replaceWith(fragment);
}

/**
 * @param {ShadowRoot} root
 * @param {DocumentFragment} fragment
 */
function sendHome(root, fragment) {
  /** @type {Element[]} */
  const arrived = [];
  for (const part of fragment.querySelectorAll("[data-replaces]")) {
    const place = root.querySelector(part.getAttribute("data-replaces") ?? "");
    part.removeAttribute("data-replaces");
    part.remove();
    // Fields that come with what is one's own must not take the place of what was typed before they came.
    if (!place || (!place.matches("form") && isTyped(place))) continue;
    // What the reader has just opened stays open.
    if (place.hasAttribute("open")) part.setAttribute("open", "");
    place.replaceWith(part);
    arrived.push(part);
  }
  for (const part of fragment.querySelectorAll("[data-append], [data-prepend]")) {
    part.remove();
    const items = [...part.children].filter((item) => !item.id || !root.getElementById(item.id));
    const end = part.getAttribute("data-append");
    const place = (end && root.querySelector(end)) || null;
    const start = part.getAttribute("data-prepend");
    if (place) place.append(...items);
    else if (start) root.querySelector(start)?.prepend(...items);
    arrived.push(...items.filter((item) => item.isConnected));
  }
  return arrived;
}

/**
 * Return `element` or the first inside it that matches.
 * @param {Element} element
 * @param {string} selector
 */
export function within(element, selector) {
  return element.matches(selector) ? element : element.querySelector(selector);
}

/**
 * Move focus to the first of these that matches, without moving the page.
 * @param {Element[]} elements
 * @param {...string} selectors
 */
export function focus(elements, ...selectors) {
  for (const selector of selectors) {
    const found = elements.map((element) => within(element, selector)).find((item) => item !== null);
    if (!(found instanceof HTMLElement)) continue;
    if (found.tabIndex < 0 && !found.hasAttribute("tabindex")) found.tabIndex = -1;
    found.focus({ preventScroll: true });
    return;
  }
}

/**
 * Say a sentence to those who listen.
 * @param {ShadowRoot} root
 * @param {string} text
 */
export function announce(root, text) {
  const live = root.getElementById("live");
  if (!live || !text) return;
  live.textContent = "";
  requestAnimationFrame(() => {
    live.textContent = text;
  });
}

/**
 * Show a failure at the head of `place`, in place of an earlier one; nothing for no text.
 * @param {Element} place
 * @param {string} text
 */
export function complain(place, text) {
  place.querySelector(":scope > .notice-failed")?.remove();
  if (!text) return;
  const notice = document.createElement("p");
  notice.className = "notice notice-bad notice-failed";
  notice.setAttribute("role", "alert");
  notice.textContent = text;
  place.prepend(notice);
}
