/**
 * Lets a reader mark words of the story and say something about them. Loaded when words are marked for the first time.
 *
 *     <passage-notes data-source="/-/comments/passage/?thread=k" hidden><template>
 *       <div class="note-tools" role="toolbar" aria-label="…"><button type="button" data-kind="comment">…</button></div>
 *       <aside class="note-bubble" aria-label="…"><live-form></live-form><button type="button" data-close>…</button></aside>
 *     </template></passage-notes>
 *
 * The tools stand after the paragraph, so that they are next in the order of the keyboard; the bubble with the form opens
 * there, too. The form comes from `data-source` and is told the words, their paragraph and what stands around them.
 * Without script a link leads to the same form on a page of its own.
 */
import { ask, complain, focus, swap } from "masthead/swap";

const CONTEXT = 90;
const BLOCK = ".story [id^='p-'], .story > p";

class PassageNotes extends HTMLElement {
  #stop = new AbortController();
  /** @type {HTMLElement | null} */
  #tools = null;
  /** @type {HTMLElement | null} */
  #bubble = null;
  /** @type {Passage | null} */
  #passage = null;
  #isPressed = false;

  connectedCallback() {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    document.addEventListener("selectionchange", () => this.#look(), { signal });
    document.addEventListener("pointerdown", (event) => this.#press(event), { signal });
    document.addEventListener("pointerup", () => this.#release(), { signal });
    document.addEventListener("pointercancel", () => this.#release(), { signal });
    document.addEventListener("keydown", (event) => this.#onKey(event), { signal });
    this.#look();
  }

  disconnectedCallback() {
    this.#stop.abort();
    this.#tools?.remove();
    this.#bubble?.remove();
  }

  /** @param {PointerEvent} event */
  #press(event) {
    this.#isPressed = !(event.target instanceof Node && this.#tools?.contains(event.target));
  }

  #release() {
    this.#isPressed = false;
    this.#look();
  }

  /** Offer the tools for what is marked, or take them away. */
  #look() {
    if (this.#isPressed || this.#tools?.contains(document.activeElement)) return;
    this.#passage = marked();
    if (this.#passage) this.#offer(this.#passage);
    else this.#tools?.remove();
  }

  /** @param {Passage} passage */
  #offer(passage) {
    const tools = this.#tools ?? this.#copy("[role='toolbar']");
    const story = passage.block.closest(".story");
    if (!tools || !story) return;
    if (!this.#tools) tools.addEventListener("click", (event) => this.#choose(event), { signal: this.#stop.signal });
    this.#tools = tools;
    if (passage.block.nextElementSibling !== tools) passage.block.after(tools);
    tools.style.setProperty("--note-at", `${passage.bottom - story.getBoundingClientRect().top}px`);
  }

  /** @param {MouseEvent} event */
  #choose(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const kind = button?.dataset.kind;
    const passage = this.#passage;
    if (!kind || !passage) return;
    this.#tools?.remove();
    this.#bubble?.remove();
    this.#bubble = this.#copy("aside");
    if (!this.#bubble) return;
    passage.block.after(this.#bubble);
    this.#bubble.addEventListener("click", (press) => this.#onPress(press), { signal: this.#stop.signal });
    this.#fill(this.#bubble, passage, kind);
  }

  /**
   * @param {HTMLElement} bubble
   * @param {Passage} passage
   * @param {string} kind
   */
  async #fill(bubble, passage, kind) {
    const place = bubble.querySelector("live-form") ?? bubble;
    const reply = await ask(this.dataset.source ?? "", { signal: this.#stop.signal });
    if (reply.kind === "moved") location.assign(reply.address);
    else if (reply.kind === "failed") complain(place, reply.text);
    else {
      for (const [name, value] of Object.entries(passage.values)) put(reply.fragment, name, value);
      for (const radio of reply.fragment.querySelectorAll("input[name='kind']"))
        if (radio instanceof HTMLInputElement) radio.toggleAttribute("checked", radio.value === kind);
      swap(reply.fragment, place, "fill");
      focus(place.querySelector("textarea[name='text']"));
      bubble.scrollIntoView({ block: "nearest" });
    }
  }

  /** @param {MouseEvent} event */
  #onPress(event) {
    if (event.target instanceof Element && event.target.closest("[data-close]")) this.#close();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const here = document.activeElement;
    const isAway = this.#tools?.isConnected && !this.#tools.contains(here) && !this.#bubble?.contains(here);
    if (event.key === "Tab" && !event.shiftKey && isAway) {
      // Marking by mouse leaves the keyboard at the head of the page; the tools come next.
      event.preventDefault();
      focus(this.#tools?.querySelector("button"));
    }
    if (event.key !== "Escape" || event.defaultPrevented) return;
    if (this.#bubble?.contains(document.activeElement)) this.#close();
    else this.#tools?.remove();
  }

  #close() {
    const block = this.#bubble?.previousElementSibling;
    this.#bubble?.remove();
    this.#bubble = null;
    focus(block);
  }

  /** @param {string} selector */
  #copy(selector) {
    const found = this.querySelector("template")?.content.querySelector(selector)?.cloneNode(true);
    return found instanceof HTMLElement ? found : null;
  }
}

/** @typedef {{ block: Element, bottom: number, values: Record<string, string> }} Passage */

/**
 * Return what is marked inside one paragraph of the story; what goes beyond its end is left out.
 * @returns {Passage | null}
 */
function marked() {
  const selection = document.getSelection();
  if (!selection?.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0).cloneRange();
  const start = range.startContainer;
  const block = (start instanceof Element ? start : start.parentElement)?.closest(BLOCK);
  if (!block?.lastChild) return null;
  if (!block.contains(range.endContainer)) range.setEndAfter(block.lastChild);
  const words = textOf(range).trim();
  if (!words) return null;
  const before = document.createRange();
  before.setStart(block, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const after = document.createRange();
  after.setStart(range.endContainer, range.endOffset);
  after.setEndAfter(block.lastChild);
  return {
    block,
    bottom: range.getBoundingClientRect().bottom,
    values: {
      words,
      block: block.id,
      before: textOf(before).trimStart().slice(-CONTEXT),
      after: textOf(after).trimEnd().slice(0, CONTEXT),
    },
  };
}

/**
 * Return the words of a range without the numbers of notes, blanks run together.
 * @param {Range} range
 */
function textOf(range) {
  const copy = range.cloneContents();
  for (const number of copy.querySelectorAll(".ref")) number.remove();
  return (copy.textContent ?? "").replace(/\s+/g, " ");
}

/**
 * @param {ParentNode} form
 * @param {string} name
 * @param {string} value
 */
function put(form, name, value) {
  const field = form.querySelector(`[name='${name}']`);
  if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) field.defaultValue = value;
}

customElements.define("passage-notes", PassageNotes);
