/**
 * An offer to undo that goes when its time is over.
 *
 *     <undo-button><form method="post" action="…/undo/" data-target="#comment-k3v9"><button>Undo</button></form></undo-button>
 *
 * Stays while its button has the focus or is busy: nothing vanishes under one's fingers. Without script it stays, and
 * whoever presses it too late is told so.
 */
const SECONDS = 10;

class UndoButton extends HTMLElement {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  connectedCallback() {
    this.#wait(SECONDS);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  /** @param {number} seconds */
  #wait(seconds) {
    this.#timer = setTimeout(() => {
      if (this.contains(document.activeElement) || this.querySelector("[aria-busy='true']")) this.#wait(1);
      else this.remove();
    }, seconds * 1000);
  }
}

customElements.define("undo-button", UndoButton);
