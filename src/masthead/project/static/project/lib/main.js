/**
 * The one module every page names. Loads the file of each custom element that stands on the page, and no other:
 * those in LAZY when they come near the reader's view, the rest at once; also for what a fragment brings later. Those
 * with `data-on-selection` (lazy and hidden) when the reader first selects something.
 */
const LAZY = new Set([
  "comment-tools",
  "embed-card",
  "gave-note",
  "live-news",
  "load-more",
  "mention-list",
  "muted-names",
  "own-drafts",
  "passkey-form",
  "passage-notes",
  "quote-reply",
  "reader-marks",
  "relative-time",
  "reply-form",
  "staff-tools",
  "text-preview",
  "theme-switch",
  "undo-button",
]);
// A new face makes the browser lay out the whole page again, so it comes with the first words that need it.
const SLANTED = "main :is(em, i, dfn, blockquote, .quoted, .tombstone)";

/** @type {Set<string>} */
const wanted = new Set();

const nearby = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      nearby.unobserve(target);
      if (target.matches(SLANTED)) openSheets();
      else load(target.localName);
    }
  },
  { rootMargin: "100%" },
);

function openSheets() {
  for (const sheet of document.querySelectorAll("link[data-late][media=print]")) sheet.setAttribute("media", "all");
}

/** @param {string} name */
async function load(name) {
  wanted.add(name);
  await import(`masthead/${name}`).catch(() => wanted.delete(name));
}

/**
 * A press on a lazy element that is not there yet waits for it: a link to another site must not win the race.
 * @param {MouseEvent} event
 */
async function hold(event) {
  const pressed = event.target;
  const element = pressed instanceof HTMLElement ? pressed.closest(":not(:defined)") : null;
  if (!element || !LAZY.has(element.localName) || !event.isTrusted || event.button || event.metaKey || event.ctrlKey)
    return;
  if (pressed instanceof HTMLInputElement) return;
  event.preventDefault();
  event.stopPropagation();
  await load(element.localName);
  if (pressed instanceof HTMLElement) pressed.click();
}

/**
 * Words that are typed before `draft-box` has come are kept as it would keep them, and no more when they are sent.
 * @param {EventTarget | null} target
 * @param {string} text
 */
function keep(target, text) {
  const box = target instanceof Element ? target.closest("draft-box:not(:defined)") : null;
  if (!(box instanceof HTMLElement)) return;
  const key = `draft:${box.dataset.key ?? location.pathname}`;
  try {
    if (text) localStorage.setItem(key, text);
    else localStorage.removeItem(key);
  } catch {
    // Storage is refused or full: the text stays in the field.
  }
}

/** @param {ParentNode} root */
function find(root) {
  for (const element of root.querySelectorAll(":not(:defined)")) {
    if (LAZY.has(element.localName)) nearby.observe(element);
    else if (!wanted.has(element.localName)) load(element.localName);
  }
  for (const element of root.querySelectorAll(SLANTED)) nearby.observe(element);
}

// The words come first: what makes them swifter or finer is fetched once they have been painted.
const painted = new PerformanceObserver(() => {
  painted.disconnect();
  find(document);
});
painted.observe({ type: "paint", buffered: true });
document.addEventListener("click", hold, { capture: true });
document.addEventListener("input", ({ target }) => {
  if (target instanceof HTMLTextAreaElement) keep(target, target.value);
});
document.addEventListener("submit", ({ submitter, target }) => {
  if (!submitter?.hasAttribute("formaction")) keep(target, "");
});
document.addEventListener("selectionchange", () => {
  if (getSelection()?.isCollapsed) return;
  for (const element of document.querySelectorAll("[data-on-selection]:not(:defined)"))
    if (!wanted.has(element.localName)) load(element.localName);
});
document.addEventListener("masthead:inserted", (event) => {
  if (event.target instanceof Element) find(event.target);
});
