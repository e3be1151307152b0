/**
 * Folds the replies inside it behind one button; open at first.
 *
 *     <fold-thread data-close-text="Hide 3 replies" data-open-text="Show 3 replies"><div class="replies">…</div></fold-thread>
 *
 * An address that names a comment inside (a permalink) opens it. Without script the replies stand there.
 */
class FoldThread extends HTMLElement {
  #stop = new AbortController();
  #button = document.createElement("button");

  connectedCallback() {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.#button.type = "button";
    this.#button.className = "fold-button";
    this.#button.addEventListener("click", () => this.#fold(!this.#isFolded), { signal });
    window.addEventListener("hashchange", () => this.#openForAddress(), { signal });
    this.prepend(this.#button);
    this.#fold(false);
  }

  disconnectedCallback() {
    this.#stop.abort();
    this.#button.remove();
  }

  get #isFolded() {
    return this.#button.getAttribute("aria-expanded") === "false";
  }

  /** @param {boolean} folded */
  #fold(folded) {
    this.#button.setAttribute("aria-expanded", String(!folded));
    this.#button.textContent = (folded ? this.dataset.openText : this.dataset.closeText) ?? "";
    for (const child of this.children) {
      if (child !== this.#button && child instanceof HTMLElement) child.hidden = folded;
    }
  }

  #openForAddress() {
    const named = document.getElementById(location.hash.slice(1));
    if (!named || !this.contains(named) || !this.#isFolded) return;
    this.#fold(false);
    named.scrollIntoView();
  }
}

customElements.define("fold-thread", FoldThread);
