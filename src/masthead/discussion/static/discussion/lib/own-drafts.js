/**
 * Lists what `draft-box` keeps in this browser: to go on with, or to throw away. Nothing leaves the browser.
 *
 *     <own-drafts data-write="/-/comments/post/"><div hidden> … <ul><template><li>…</li></template></ul></div></own-drafts>
 *
 * Its inside stays hidden where there is none. A draft's key is the thread's and, behind the last colon, what it answers:
 * `c` the story, `r<id>` a comment, `p<id>` marked words.
 */
const PREFIX = "draft:";

class OwnDrafts extends HTMLElement {
  connectedCallback() {
    const list = this.querySelector("ul");
    const pattern = this.querySelector("template")?.content.firstElementChild;
    if (!list || !pattern) return;
    for (const [key, text] of drafts()) {
      const address = whereTo(key, this.dataset.write ?? "");
      if (!address) continue;
      const item = /** @type {HTMLElement} */ (pattern.cloneNode(true));
      const place = item.querySelector("p");
      if (place) place.textContent = text;
      item.querySelector("a")?.setAttribute("href", address);
      item.querySelector("button")?.addEventListener("click", () => this.#throwAway(key, item));
      list.append(item);
    }
    this.#show();
  }

  /** Show the list while something is in it, and return the first button there. */
  #show() {
    const first = this.querySelector("li button");
    this.firstElementChild?.toggleAttribute("hidden", !first);
    return first;
  }

  /**
   * @param {string} key
   * @param {HTMLElement} item
   */
  #throwAway(key, item) {
    localStorage.removeItem(key);
    item.remove();
    const next = this.#show();
    if (next instanceof HTMLElement) next.focus();
    else document.getElementById("main")?.focus();
  }
}

/** @returns {[string, string][]} */
function drafts() {
  try {
    return Object.entries({ ...localStorage }).filter(([key, text]) => key.startsWith(PREFIX) && text.trim());
  } catch {
    // Storage is refused: there are none.
    return [];
  }
}

/**
 * @param {string} key
 * @param {string} write
 */
function whereTo(key, write) {
  const name = key.slice(PREFIX.length);
  const cut = name.lastIndexOf(":");
  const thread = encodeURIComponent(name.slice(0, cut));
  const kind = name.charAt(cut + 1);
  const id = encodeURIComponent(name.slice(cut + 2));
  if (kind === "c") return `${write}?thread=${thread}`;
  if (kind === "p") return `${write}?thread=${thread}&passage=${id}`;
  return kind === "r" ? `${write.replace("post/", "")}${id}/reply/` : "";
}

customElements.define("own-drafts", OwnDrafts);
