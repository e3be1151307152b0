/**
 * Offers to quote the words one has selected in a comment: fills the form of a reply to it with `> words`.
 *
 *     <quote-reply data-on-selection hidden><button type="button">Quote</button></quote-reply>
 *
 * Stands once on the page, and moves into the comment whose words are selected, so that Tab reaches it from there.
 * Without script one opens the reply and types the quote.
 */
import { focus } from "masthead/swap";

class QuoteReply extends HTMLElement {
  #stop = new AbortController();
  #words = "";
  #home = this.parentElement;

  connectedCallback() {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    document.addEventListener("selectionchange", () => this.#offer(), { signal });
    // A press must not lose the selection before it is used.
    this.addEventListener("pointerdown", (event) => event.preventDefault(), { signal });
    this.addEventListener("click", () => this.#quote(), { signal });
    this.#offer();
  }

  disconnectedCallback() {
    this.#stop.abort();
  }

  #offer() {
    const selection = getSelection();
    const text = textAround(selection?.anchorNode ?? null);
    const isInside = text && text === textAround(selection?.focusNode ?? null);
    const words = isInside ? String(selection).trim() : "";
    const comment = words ? text?.closest("article.comment") : null;
    if (this.contains(document.activeElement) && !words) return;
    this.#words = words;
    this.hidden = !text || !comment || !replyLink(comment);
    if (this.hidden || !selection || !text) return this.#goHome();
    // Behind the text, moved without leaving the document: the selection stays.
    if (this.previousElementSibling !== text) text.after(this);
    const box = [...selection.getRangeAt(0).getClientRects()].at(-1);
    const around = (this.offsetParent ?? document.body).getBoundingClientRect();
    if (!box) return;
    const room = around.width - this.offsetWidth;
    this.style.top = `${box.bottom - around.top + 4}px`;
    this.style.left = `${Math.max(0, Math.min(room, box.right - around.left - this.offsetWidth / 2))}px`;
  }

  /** Where it is safe from what replaces comments. */
  #goHome() {
    if (this.parentElement !== this.#home) this.#home?.append(this);
  }

  async #quote() {
    const comment = this.closest("article.comment");
    const link = comment && replyLink(comment);
    const place = document.querySelector(link?.parentElement?.dataset.target ?? "body > [hidden]");
    const quote = `${this.#words.replace(/\s*\n\s*/g, "\n").replace(/^/gm, "> ")}\n\n`;
    this.hidden = true;
    if (!link || !place) return;
    await import("masthead/reply-form");
    const field = place.querySelector("textarea");
    if (!field || (place instanceof HTMLElement && place.hidden)) link.click();
    if (field) fill(field, quote);
    else
      place.addEventListener("masthead:inserted", () => fill(place.querySelector("textarea"), quote), { once: true });
  }
}

/** @param {Node | null} node */
function textAround(node) {
  const element = node instanceof Element ? node : node?.parentElement;
  return element?.closest(".comment-text[id]");
}

/** @param {Element} comment */
function replyLink(comment) {
  const link = comment.querySelector(":scope > .comment-row > reply-form > a");
  return link instanceof HTMLAnchorElement ? link : null;
}

/**
 * Put the quote at the end of what is written already, and go on writing below it.
 * @param {HTMLTextAreaElement | null} field
 * @param {string} quote
 */
function fill(field, quote) {
  if (!field) return;
  const before = field.value.trimEnd();
  field.value = before ? `${before}\n\n${quote}` : quote;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  // The form takes the focus when it opens.
  setTimeout(() => {
    focus(field);
    field.setSelectionRange(field.value.length, field.value.length);
  });
}

customElements.define("quote-reply", QuoteReply);
