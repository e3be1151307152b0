/**
 * Offers the names of this discussion while one types `@` and the beginning of one. Loaded by <comment-tools> at the
 * first `@`.
 *
 *     mentions(textarea, "/-/comments/names/", signal);
 *
 * The field keeps the focus; arrow keys choose in the list, Enter or Tab takes the name, Escape closes.
 */
import { announce, ask, swap } from "masthead/swap";

const PAUSE = 150;
const TYPED = /(?:^|[\s([{>])@([\p{L}\p{N}][\p{L}\p{N}\p{M} .'’-]{0,38})$/u;

/**
 * @param {HTMLTextAreaElement} field
 * @param {string} address
 * @param {AbortSignal} signal
 */
export function mentions(field, address, signal) {
  const list = new List(field, address);
  field.setAttribute("aria-autocomplete", "list");
  field.addEventListener("input", () => list.follow(), { signal });
  field.addEventListener("keydown", (event) => list.onKey(event), { signal });
  field.addEventListener("blur", () => list.close(), { signal });
  list.follow();
}

class List {
  #asked = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #place = document.createElement("div");

  /**
   * @param {HTMLTextAreaElement} field
   * @param {string} address
   */
  constructor(field, address) {
    this.field = field;
    this.address = address;
    this.#place.className = "mention-place";
    // A press must not take the focus away.
    this.#place.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      if (event.target instanceof Element) this.#take(event.target.closest("[role=option]"));
    });
    field.after(this.#place);
  }

  get #options() {
    return [...this.#place.querySelectorAll("[role=option]")];
  }

  get #typed() {
    const { value, selectionStart, selectionEnd } = this.field;
    return selectionStart === selectionEnd ? TYPED.exec(value.slice(0, selectionStart))?.[1] : undefined;
  }

  follow() {
    clearTimeout(this.#timer);
    this.#asked.abort();
    const typed = this.#typed;
    if (typed === undefined) this.close();
    else this.#timer = setTimeout(() => this.#ask(typed), PAUSE);
  }

  /** @param {string} typed */
  async #ask(typed) {
    this.#asked = new AbortController();
    const thread = this.field.form?.querySelector("[name=thread]")?.getAttribute("value") ?? "";
    const query = new URLSearchParams({ thread, q: typed });
    const reply = await ask(`${this.address}?${query}`, { signal: this.#asked.signal });
    if (reply.kind !== "fragment" || this.#typed !== typed || document.activeElement !== this.field) return;
    if (!reply.fragment.firstElementChild) return this.close();
    const { height } = this.field.getBoundingClientRect();
    this.#place.style.top = `${this.field.offsetTop + height}px`;
    swap(reply.fragment, this.#place, "fill");
    this.field.setAttribute("aria-controls", "mention-list");
    this.#choose(0);
  }

  close() {
    this.#place.replaceChildren();
    this.field.removeAttribute("aria-activedescendant");
    this.field.removeAttribute("aria-controls");
  }

  /** @param {number} place */
  #choose(place) {
    const options = this.#options;
    const chosen = options[(place + options.length) % options.length];
    for (const option of options) option.setAttribute("aria-selected", String(option === chosen));
    if (chosen) this.field.setAttribute("aria-activedescendant", chosen.id);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const options = this.#options;
    if (!options.length || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown") this.#choose(at + 1);
    else if (event.key === "ArrowUp") this.#choose(at - 1);
    else if (event.key === "Enter" || event.key === "Tab") this.#take(options[at] ?? null);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  /** @param {Element | null} option */
  #take(option) {
    const name = option?.textContent;
    const typed = this.#typed;
    if (!name || typed === undefined) return;
    const end = this.field.selectionStart;
    this.field.setRangeText(`${name} `, end - typed.length, end, "end");
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
    this.close();
    announce(name);
  }
}
