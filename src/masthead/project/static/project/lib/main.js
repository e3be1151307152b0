/**
 * The one module every page names. Loads the file of each custom element that stands on the page, and no other:
 * those in LAZY when they come near the reader's view, the rest at once; also for what a fragment brings later.
 */
const LAZY = new Set(["embed-card", "text-preview", "theme-switch"]);

/** @type {Set<string>} */
const wanted = new Set();

const nearby = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      nearby.unobserve(target);
      load(target.localName);
    }
  },
  { rootMargin: "100%" },
);

/** @param {string} name */
function load(name) {
  if (wanted.has(name)) return;
  wanted.add(name);
  import(`masthead/${name}`).catch(() => wanted.delete(name));
}

/** @param {ParentNode} root */
function find(root) {
  for (const element of root.querySelectorAll(":not(:defined)")) {
    if (LAZY.has(element.localName)) nearby.observe(element);
    else load(element.localName);
  }
}

find(document);
document.addEventListener("masthead:inserted", (event) => {
  if (event.target instanceof Element) find(event.target);
});
