/**
 * The one module every page names. Loads the file of each custom element that stands on the page, and no other;
 * later ones (a fragment that brings a new element) are loaded when they arrive.
 */

/** @type {Set<string>} */
const wanted = new Set();

/** @param {ParentNode} root */
function load(root) {
  for (const element of root.querySelectorAll(":not(:defined)")) {
    const name = element.localName;
    if (!wanted.has(name)) {
      wanted.add(name);
      import(`masthead/${name}`).catch(() => wanted.delete(name));
    }
  }
}

load(document);
document.addEventListener("masthead:inserted", (event) => {
  if (event.target instanceof Element) load(event.target);
});
