/**
 * Marks what is one's own on a page that is the same for everybody: Edit and Delete, pressed votes, the name of a
 * member in the form.
 *
 *     <own-marks data-url="/-/comments/me/?thread=article:1"></own-marks>
 *
 * Asks only when this browser has posted or voted before (a cookie without a meaning of its own says so). What the
 * server answers goes to the places it names; nothing moves and no focus changes.
 *
 * Also leads links from before a move (`#comment-77`) to the page that shows that comment, when this one does not.
 */
import { ask, swap } from "masthead/swap";

class OwnMarks extends HTMLElement {
  #stop = new AbortController();

  connectedCallback() {
    this.#stop = new AbortController();
    followOldAnchor();
    if (/(^|; )masthead_known=1(;|$)/.test(document.cookie)) this.#mark();
    // A list that was sorted or lengthened brings comments without marks.
    document.addEventListener("live-form:done", (event) => this.#onDone(event), { signal: this.#stop.signal });
  }

  disconnectedCallback() {
    this.#stop.abort();
  }

  /** @param {Event} event */
  #onDone(event) {
    if (event.target instanceof HTMLAnchorElement && document.cookie.includes("masthead_known=1")) this.#mark();
  }

  async #mark() {
    const reply = await ask(this.dataset.url ?? "", { signal: this.#stop.signal });
    if (reply.kind === "fragment") swap(reply.fragment, null);
  }
}

function followOldAnchor() {
  const number = /^#comment-(\d{1,15})$/.exec(location.hash)?.[1];
  if (!number || location.search.includes("comment=") || document.getElementById(`comment-${number}`)) return;
  location.replace(`${location.pathname}?comment=${number}${location.hash}`);
}

customElements.define("own-marks", OwnMarks);
