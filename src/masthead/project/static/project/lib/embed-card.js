/**
 * A card for something on another site. Loads nothing from there until it is pressed.
 *
 *     <embed-card data-src="https://player.example/v/1" data-title="The storm">
 *       <a href="https://example.org/1">…</a>
 *     </embed-card>
 *
 * Without `data-src`, and without script, the card is a link to the original.
 */
import { isPlainClick } from "masthead/swap";

class EmbedCard extends HTMLElement {
  #stop = new AbortController();

  connectedCallback() {
    this.#stop = new AbortController();
    this.addEventListener("click", (event) => this.#onClick(event), { signal: this.#stop.signal });
  }

  disconnectedCallback() {
    this.#stop.abort();
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    const source = this.dataset.src;
    if (!source || !link || !isPlainClick(event) || !URL.canParse(source) || new URL(source).protocol !== "https:")
      return;
    event.preventDefault();
    const frame = document.createElement("iframe");
    frame.title = this.dataset.title || (link.textContent ?? "").trim();
    frame.referrerPolicy = "strict-origin-when-cross-origin";
    frame.allow = "fullscreen; encrypted-media; picture-in-picture";
    frame.src = source;
    link.replaceWith(frame);
    frame.focus({ preventScroll: true });
  }
}

customElements.define("embed-card", EmbedCard);
