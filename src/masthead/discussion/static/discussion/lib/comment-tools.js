/**
 * Makes writing in a comment form swifter: marks for the selected words, what is left of the length, Ctrl+Enter.
 *
 *     <comment-tools data-source="#c-text" data-left="Characters left: #" data-names="/-/comments/names/">
 *       <div role="toolbar"><button type="button" data-around="**">B</button> … </div><span class="comment-tools-left"></span>
 *     </comment-tools>
 *
 * On a button: `data-around` stands on both sides of the words, `data-before` at the head of each line, `data-link`
 * makes a link. The same again takes the marks off. Arrow keys go from button to button, as in every toolbar.
 * Without script one types the marks.
 */
import { announce } from "masthead/swap";

/** @type {Record<string, string>} */
const KEYS = { b: "**", i: "*" };

class CommentTools extends HTMLElement {
  #stop = new AbortController();
  #told = 0;
  #mentions = false;

  connectedCallback() {
    this.#stop = new AbortController();
    this.#mentions = false;
    const { signal } = this.#stop;
    const field = this.#field;
    if (!field) return;
    this.addEventListener("click", (event) => this.#onClick(event), { signal });
    this.addEventListener("keydown", (event) => this.#onArrow(event), { signal });
    field.form?.addEventListener("keydown", (event) => this.#onKey(event), { signal });
    field.addEventListener("input", () => this.#onInput(field, signal), { signal });
    field.form?.addEventListener("reset", () => setTimeout(() => this.#count()), { signal });
    field.form?.addEventListener("focusin", () => this.#stayOpen(true), { signal });
    field.form?.addEventListener("reset", () => this.#stayOpen(false), { signal });
    if (field.form?.contains(document.activeElement)) this.#stayOpen(true);
    for (const [place, button] of this.#buttons.entries()) button.tabIndex = place ? -1 : 0;
    // Who types at once was here first.
    if (field === document.activeElement) this.#onInput(field, signal);
    else this.#count();
  }

  disconnectedCallback() {
    this.#stop.abort();
  }

  get #field() {
    const field = document.querySelector(this.dataset.source ?? "textarea");
    return field instanceof HTMLTextAreaElement ? field : null;
  }

  /**
   * A form that closed when it lost the focus would move what is just being pressed below it: the press would miss.
   * @param {boolean} isOpen
   */
  #stayOpen(isOpen) {
    this.#field?.form?.classList.toggle("comment-form-open", isOpen);
  }

  get #buttons() {
    return [...this.querySelectorAll("button")];
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const field = this.#field;
    if (!button || !field) return;
    field.focus({ preventScroll: true });
    if (button.dataset.link) link(field, button.dataset.link);
    else if (button.dataset.before) lead(field, button.dataset.before);
    else surround(field, button.dataset.around ?? "");
  }

  /** @param {KeyboardEvent} event */
  #onArrow(event) {
    const buttons = this.#buttons;
    const place = buttons.findIndex((button) => button === event.target);
    const back = getComputedStyle(this).direction === "rtl" ? "ArrowRight" : "ArrowLeft";
    const forth = back === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
    const next = { [back]: place - 1, [forth]: place + 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (place < 0 || next === undefined) return;
    event.preventDefault();
    const button = buttons[(next + buttons.length) % buttons.length];
    for (const each of buttons) each.tabIndex = each === button ? 0 : -1;
    button?.focus();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const field = this.#field;
    if (!(event.ctrlKey || event.metaKey) || event.altKey || !field) return;
    const around = event.target === field && KEYS[event.key.toLowerCase()];
    if (event.key !== "Enter" && !around) return;
    event.preventDefault();
    if (around) surround(field, around);
    else field.form?.requestSubmit();
  }

  /**
   * @param {HTMLTextAreaElement} field
   * @param {AbortSignal} signal
   */
  async #onInput(field, signal) {
    this.#count();
    if (this.#mentions || !this.dataset.names || !field.value.includes("@")) return;
    this.#mentions = true;
    const { mentions } = await import("masthead/mention-list");
    mentions(field, this.dataset.names, signal);
  }

  #count() {
    const field = this.#field;
    const place = this.querySelector(".comment-tools-left");
    if (!field || !place || field.maxLength < 0) return;
    const left = field.maxLength - field.value.length;
    const isNear = left <= Math.max(100, field.maxLength / 5);
    const text = (this.dataset.left ?? "#").replace("#", String(left));
    place.textContent = isNear ? text : "";
    // Said at a few moments only: nobody wants each letter counted.
    const step = left <= 20 ? 3 : left <= 100 ? 2 : isNear ? 1 : 0;
    if (step > this.#told) announce(text);
    this.#told = step;
  }
}

/**
 * Put `text` in place of `from` to `to`, in a way that the browser can undo.
 * @param {HTMLTextAreaElement} field
 * @param {number} from
 * @param {number} to
 * @param {string} text
 */
function put(field, from, to, text) {
  field.setSelectionRange(from, to);
  // Deprecated, and without a successor: nothing else keeps the browser's own undo.
  if (document.execCommand("insertText", false, text)) return;
  field.setRangeText(text, from, to, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/**
 * @param {HTMLTextAreaElement} field
 * @param {string} mark
 */
function surround(field, mark) {
  const { value, selectionStart: from, selectionEnd: to } = field;
  const words = value.slice(from, to);
  const isBlock = mark === "`" && words.includes("\n");
  const open = isBlock ? "```\n" : mark;
  const close = isBlock ? "\n```" : mark;
  const width = open.length;
  if (value.slice(from - width, from) === open && value.slice(to, to + close.length) === close) {
    put(field, from - width, to + close.length, words);
    field.setSelectionRange(from - width, to - width);
  } else {
    put(field, from, to, open + words + close);
    field.setSelectionRange(from + width, to + width);
  }
}

/**
 * @param {HTMLTextAreaElement} field
 * @param {string} mark
 */
function lead(field, mark) {
  const { value } = field;
  const from = value.lastIndexOf("\n", field.selectionStart - 1) + 1;
  const end = value.indexOf("\n", field.selectionEnd);
  const to = end < 0 ? value.length : end;
  const lines = value.slice(from, to).split("\n");
  const isLed = lines.every((line) => line.startsWith(mark));
  put(field, from, to, lines.map((line) => (isLed ? line.slice(mark.length) : mark + line)).join("\n"));
}

/**
 * @param {HTMLTextAreaElement} field
 * @param {string} scheme
 */
function link(field, scheme) {
  const { value, selectionStart: from, selectionEnd: to } = field;
  const words = value.slice(from, to);
  const isAddress = /^https?:\S+$/.test(words);
  const address = isAddress ? words : scheme;
  put(field, from, to, `[${isAddress ? "" : words}](${address})`);
  const begin = isAddress ? from + 1 : from + words.length + 3;
  field.setSelectionRange(begin, isAddress ? begin : begin + address.length);
}

customElements.define("comment-tools", CommentTools);
