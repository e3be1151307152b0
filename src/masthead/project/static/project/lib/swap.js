/**
 * The one place where HTML from the server enters a page, and where the reader is told of it.
 *
 *     const reply = await ask("/story/?page=2", { signal });
 *     if (reply.kind === "fragment") swap(reply.fragment, document.querySelector("#list"), "append");
 *
 * The server makes all HTML; nothing here builds any.
 */

/** @typedef {{ kind: "fragment", fragment: DocumentFragment } | { kind: "refused", fragment: DocumentFragment } | { kind: "moved", address: string } | { kind: "failed", text: string }} Reply */

/**
 * Ask for a fragment. Never throws for what the network does; an aborted request is a failure without text.
 * @param {string | URL} address
 * @param {RequestInit} [options]
 * @returns {Promise<Reply>}
 */
export async function ask(address, options = {}) {
  const texts = document.body.dataset;
  try {
    // Past the browser's cache: the same address also names the whole page.
    const response = await fetch(address, { ...options, cache: "no-store", headers: { "X-Masthead-Fragment": "1" } });
    const text = await response.text();
    const isHTML = response.headers.get("Content-Type")?.startsWith("text/html") ?? false;
    const isPage = /^\s*<!doctype/i.test(text);
    if (response.ok && (isPage || response.redirected)) return { kind: "moved", address: response.url };
    if (response.ok) return { kind: "fragment", fragment: parse(text) };
    if (response.status < 500 && isHTML && !isPage) return { kind: "refused", fragment: parse(text) };
    return { kind: "failed", text: texts.textFailed ?? "" };
  } catch (error) {
    const aborted = error instanceof DOMException && error.name === "AbortError";
    return { kind: "failed", text: aborted ? "" : (texts.textOffline ?? "") };
  }
}

/**
 * @param {string} html
 * @returns {DocumentFragment}
 */
function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

/**
 * Put a fragment in place: its parts with `data-replaces` where they belong, the rest at `target`. Says what
 * `data-announce` holds. Returns the elements that arrived.
 * @param {DocumentFragment} fragment
 * @param {Element | null} target
 * @param {string} [how] replace, fill, append, prepend, before or after
 * @returns {Element[]}
 */
export function swap(fragment, target, how = "replace") {
  const arrived = sendHome(fragment);
  if (target) {
    arrived.push(...fragment.children);
    insert(fragment, target, how);
  }
  for (const element of arrived) {
    element.dispatchEvent(new CustomEvent("masthead:inserted", { bubbles: true }));
    announce(within(element, "[data-announce]")?.getAttribute("data-announce") ?? "");
  }
  return arrived;
}

/**
 * Move the parts with `data-replaces` to the places they name, and what stands in those with `data-append` or
 * `data-prepend` to the end or the beginning of theirs, unless it is there already. Parts without a place are dropped.
 * @param {DocumentFragment} fragment
 */
function sendHome(fragment) {
  const arrived = [];
  for (const part of fragment.querySelectorAll("[data-replaces]")) {
    const place = document.querySelector(part.getAttribute("data-replaces") ?? "");
    part.removeAttribute("data-replaces");
    part.remove();
    if (!place) continue;
    // What the reader has just opened stays open.
    if (place instanceof HTMLDetailsElement && place.open) part.setAttribute("open", "");
    place.replaceWith(part);
    arrived.push(part);
  }
  for (const part of fragment.querySelectorAll("[data-append], [data-prepend]")) {
    part.remove();
    const items = [...part.children].filter((item) => !item.id || !document.getElementById(item.id));
    const end = document.querySelector(part.getAttribute("data-append") || "body > [hidden]");
    if (end) end.append(...items);
    else document.querySelector(part.getAttribute("data-prepend") || "body > [hidden]")?.prepend(...items);
    arrived.push(...items.filter((item) => item.isConnected));
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
 * Return `element` or the first inside it that matches.
 * @param {Element} element
 * @param {string} selector
 * @returns {Element | null}
 */
export function within(element, selector) {
  return element.matches(selector) ? element : element.querySelector(selector);
}

/**
 * Move focus without moving the page.
 * @param {Element | null | undefined} element
 */
export function focus(element) {
  if (!(element instanceof HTMLElement)) return;
  if (element.tabIndex < 0 && !element.hasAttribute("tabindex")) element.tabIndex = -1;
  element.focus({ preventScroll: true });
}

/**
 * Say a sentence to those who listen to the page.
 * @param {string} text
 */
export function announce(text) {
  const live = document.querySelector("#live");
  if (!live || !text) return;
  live.textContent = "";
  // A region that is emptied and filled in one go is often not read.
  requestAnimationFrame(() => {
    live.textContent = text;
  });
}

/**
 * Show a failure at the head of `place`, in place of an earlier one.
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

/**
 * Tell whether a click asks for something else than following the link here.
 * @param {MouseEvent} event
 */
export function isPlainClick(event) {
  return !(event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
}
