/**
 * Shows how a text will look; the server renders it. Once opened it follows what is typed; a second press closes it.
 *
 *     <text-preview data-source="#id_text" data-url="/comments/preview/" data-target="#preview">
 *       <button formaction="/comments/preview/" formnovalidate>Preview</button>
 *     </text-preview>
 *
 * Sends the form's texts. Without `data-target` the preview stands at the end of the form. Focus stays where it is.
 * Without script the button sends the form to a page.
 */
import { announce, ask, complain, swap } from "masthead/swap";

const PAUSE = 500;

class TextPreview extends HTMLElement {
  #stop = new AbortController();
  #asked = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  connectedCallback() {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.addEventListener("click", (event) => this.#onClick(event), { signal });
    this.closest("form")?.addEventListener("input", () => this.#follow(), { signal });
    this.closest("form")?.addEventListener("reset", () => this.#close(), { signal });
  }

  disconnectedCallback() {
    this.#stop.abort();
    this.#asked.abort();
    clearTimeout(this.#timer);
  }

  get #button() {
    return this.querySelector("button");
  }

  get #place() {
    const named = this.dataset.target ? document.querySelector(this.dataset.target) : null;
    return named ?? this.closest("form")?.querySelector(":scope > .preview") ?? null;
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    if (!(event.target instanceof Element && event.target.closest("button"))) return;
    event.preventDefault();
    if (this.#button?.getAttribute("aria-expanded") === "true") this.#close();
    else this.#show(true);
  }

  #follow() {
    if (this.#button?.getAttribute("aria-expanded") !== "true") return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#show(false), PAUSE);
  }

  #close() {
    clearTimeout(this.#timer);
    this.#asked.abort();
    this.#button?.setAttribute("aria-expanded", "false");
    if (this.dataset.target) this.#place?.replaceChildren();
    else this.#place?.remove();
  }

  /** @param {boolean} aloud */
  async #show(aloud) {
    const form = this.closest("form");
    if (!form) return;
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
    this.#asked.abort();
    this.#asked = new AbortController();
    this.#button?.setAttribute("aria-expanded", "true");
    const reply = await ask(this.dataset.url ?? "", { method: "POST", body, signal: this.#asked.signal });
    if (reply.kind === "failed") complain(form, reply.text);
    if (reply.kind === "moved" || reply.kind === "failed") return;
    const place = this.#place ?? made(form);
    swap(reply.fragment, place, "fill");
    if (aloud) announce(place.textContent ?? "");
  }
}

/** @param {Element} form */
function made(form) {
  const place = document.createElement("div");
  place.className = "preview comment-text";
  place.dir = "auto";
  form.append(place);
  return place;
}

customElements.define("text-preview", TextPreview);
