/**
 * Shows how a text will look; the server renders it.
 *
 *     <text-preview data-source="#id_text" data-url="/comments/preview/" data-target="#preview">
 *       <button formaction="/comments/preview/" formnovalidate>Preview</button>
 *     </text-preview>
 *
 * Sends the field of `data-source` under its own name. Without `data-target` the preview stands at the end of the
 * form. Without script the button sends the form to a page.
 */
import { announce, ask, complain, swap } from "masthead/swap";

class TextPreview extends HTMLElement {
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
    const form = this.closest("form");
    const field = (form ?? document).querySelector(this.dataset.source ?? "textarea");
    const isButton = event.target instanceof Element && event.target.closest("button");
    if (!isButton || !(field instanceof HTMLTextAreaElement)) return;
    event.preventDefault();
    this.#show(form ?? this, field);
  }

  /**
   * @param {Element} form
   * @param {HTMLTextAreaElement} field
   */
  async #show(form, field) {
    const body = new URLSearchParams({ [field.name]: field.value });
    const reply = await ask(this.dataset.url ?? "", { method: "POST", body, signal: this.#stop.signal });
    if (reply.kind === "failed") complain(form, reply.text);
    if (reply.kind === "moved" || reply.kind === "failed") return;
    const place = this.#place(form);
    swap(reply.fragment, place, "fill");
    announce(place.textContent ?? "");
  }

  /** @param {Element} form */
  #place(form) {
    const named = this.dataset.target ? document.querySelector(this.dataset.target) : null;
    const place = named ?? form.querySelector(":scope > .preview");
    if (place) return place;
    const made = document.createElement("div");
    made.className = "preview comment-text";
    form.append(made);
    return made;
  }
}

customElements.define("text-preview", TextPreview);
