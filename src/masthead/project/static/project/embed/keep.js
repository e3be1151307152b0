/**
 * What a reader has begun outlives what the paper sends meanwhile: open forms with their words, and focus.
 */

/**
 * The places of forms whose comments another order or filter does not show just now, by their ids.
 * @type {WeakMap<ShadowRoot, Map<string, HTMLElement>>}
 */
const away = new WeakMap();

/**
 * Note what is begun before something is replaced. The function that is returned puts it where it belongs afterwards.
 * @param {ShadowRoot} root
 */
export function hold(root) {
  const places = away.get(root) ?? new Map();
  away.set(root, places);
  for (const place of openPlaces(root)) places.set(place.id, place);
  const focused = root.activeElement;
  const around = focused ? idsAround(focused) : [];
  return () => {
    for (const [id, place] of places) bringBack(root, places, id, place);
    for (const place of openPlaces(root)) tellLinks(root, place);
    if (!(focused instanceof HTMLElement) || root.activeElement === focused) return;
    const now = focused.isConnected ? focused : successor(root, focused, around);
    now?.focus({ preventScroll: true });
  };
}

/**
 * Whether a reader has changed a field in there, so that no other may stand in its place.
 * @param {Element} place
 */
export function isTyped(place) {
  return [...place.querySelectorAll("input, textarea")].some(
    (field) =>
      (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) && field.value !== field.defaultValue,
  );
}

/** @param {ShadowRoot} root */
function openPlaces(root) {
  return [...root.querySelectorAll(".reply-place")].filter((place) => place instanceof HTMLElement && place.firstChild);
}

/**
 * @param {ShadowRoot} root
 * @param {Map<string, HTMLElement>} places
 * @param {string} id
 * @param {HTMLElement} place
 */
function bringBack(root, places, id, place) {
  const now = root.getElementById(id);
  if (!now) return;
  places.delete(id);
  if (now !== place && !now.firstChild) now.replaceWith(place);
}

/**
 * @param {ShadowRoot} root
 * @param {Element} place
 */
function tellLinks(root, place) {
  if (!(place instanceof HTMLElement)) return;
  for (const link of root.querySelectorAll("reply-form a"))
    if (link instanceof HTMLAnchorElement && link.href === place.dataset.openedBy)
      link.setAttribute("aria-expanded", String(!place.hidden));
}

/** @param {Element} element */
function idsAround(element) {
  const ids = [];
  for (let one = /** @type {Element | null} */ (element); one; one = one.parentElement) if (one.id) ids.push(one.id);
  return ids;
}

/**
 * What stands now where the focused element stood: what looks like it, in the nearest place of the same name.
 * @param {ShadowRoot} root
 * @param {HTMLElement} focused
 * @param {string[]} around
 */
function successor(root, focused, around) {
  const marks = ["name", "value", "href"].filter((name) => focused.hasAttribute(name));
  const alike = marks.map((name) => `[${name}="${CSS.escape(focused.getAttribute(name) ?? "")}"]`);
  const selector = focused.localName + alike.join("");
  for (const id of around) {
    const place = root.getElementById(id);
    const found = id === focused.id ? place : place?.querySelector(selector);
    if (found instanceof HTMLElement) return found;
  }
  const found = marks.length ? root.querySelector(selector) : null;
  return found instanceof HTMLElement ? found : null;
}
