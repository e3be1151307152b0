/**
 * Keeps the text of the textarea inside it in this browser until it is sent. Nothing leaves the browser.
 *
 *     <draft-box data-key="thread:k3v9"><form …><textarea …></textarea></form></draft-box>
 *
 * Where the browser keeps nothing (private windows, storage refused or full) it does nothing. What is typed before this
 * file has come is kept by main.js.
 */
class DraftBox extends HTMLElement {
  #stop = new AbortController();

  connectedCallback() {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.addEventListener("input", (event) => this.#keep(event.target), { signal });
    this.addEventListener("submit", (event) => this.#onSubmit(event), { signal });
    this.addEventListener(
      "live-form:done",
      (event) => {
        if (event instanceof CustomEvent && event.detail.emptied) this.#store("");
      },
      { signal },
    );
    this.#restore();
  }

  disconnectedCallback() {
    this.#stop.abort();
  }

  get #key() {
    return `draft:${this.dataset.key ?? location.pathname}`;
  }

  /**
   * Sent as a plain form: a refusal comes back with what was typed.
   * @param {SubmitEvent} event
   */
  #onSubmit(event) {
    if (!event.submitter?.hasAttribute("formaction"))
      setTimeout(() => {
        if (!event.defaultPrevented) this.#store("");
      });
  }

  /** @param {EventTarget | null} field */
  #keep(field) {
    if (field instanceof HTMLTextAreaElement) this.#store(field.value);
  }

  #restore() {
    const field = this.querySelector("textarea");
    if (!field) return;
    // Typed before there was any script.
    if (field.value !== field.defaultValue) this.#keep(field);
    if (field.value) return;
    try {
      const text = localStorage.getItem(this.#key);
      if (text) field.value = text;
    } catch {
      // Storage is refused: there is no draft to bring back.
    }
  }

  /** @param {string} text */
  #store(text) {
    try {
      if (text) localStorage.setItem(this.#key, text);
      else localStorage.removeItem(this.#key);
    } catch {
      // Storage is refused or full: the text stays in the field.
    }
  }
}

customElements.define("draft-box", DraftBox);
