/**
 * Opens the form behind a link in place: Reply, Edit, Report.
 *
 *     <reply-form data-target="#reply-k3v9"><a href="/comments/k3v9/reply/">Reply</a></reply-form>
 *     <div class="reply-place" id="reply-k3v9"></div>
 *
 * A second press closes it and keeps the text; a control with `data-close` inside, or Escape, does the same. When
 * a <live-form> around it has sent the form, the place is emptied. Without script the link leads to a page.
 */
import { ask, complain, focus, isPlainClick, swap } from "masthead/swap";

class ReplyForm extends HTMLElement {
  #stop = new AbortController();

  connectedCallback() {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.addEventListener("click", (event) => this.#onClick(event), { signal });
    const place = this.#place;
    place?.addEventListener("click", (event) => this.#onPlaceClick(event), { signal });
    place?.addEventListener("keydown", (event) => this.#onKey(event), { signal });
    place?.addEventListener("live-form:done", (event) => this.#onDone(event), { signal });
  }

  disconnectedCallback() {
    this.#stop.abort();
  }

  get #place() {
    const place = document.querySelector(this.dataset.target ?? "body > [hidden]");
    return place instanceof HTMLElement ? place : null;
  }

  get #link() {
    return this.querySelector("a");
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const place = this.#place;
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!place || !link || !isPlainClick(event)) return;
    event.preventDefault();
    const owner = place.dataset.openedBy === link.href;
    if (!place.firstElementChild || !owner) this.#fetch(place, link);
    else if (place.hidden) this.#open(place, link);
    else this.#close();
  }

  /**
   * @param {HTMLElement} place
   * @param {HTMLAnchorElement} link
   */
  async #fetch(place, link) {
    if (link.getAttribute("aria-busy") === "true") return;
    link.setAttribute("aria-busy", "true");
    const reply = await ask(link.href, { signal: this.#stop.signal });
    link.removeAttribute("aria-busy");
    if (reply.kind === "moved") location.assign(reply.address);
    else if (reply.kind === "failed") complain(place, reply.text);
    else {
      swap(reply.fragment, place, "fill");
      place.dataset.openedBy = link.href;
      this.#open(place, link);
    }
  }

  /**
   * @param {HTMLElement} place
   * @param {HTMLAnchorElement} link
   */
  #open(place, link) {
    place.hidden = false;
    link.setAttribute("aria-expanded", "true");
    const field = place.querySelector("[data-focus], textarea, input:not([type='hidden']), select, button");
    focus(field ?? place.firstElementChild);
    field?.scrollIntoView({ block: "nearest" });
  }

  #close() {
    const place = this.#place;
    if (place) place.hidden = true;
    this.#link?.setAttribute("aria-expanded", "false");
    focus(this.#link);
  }

  /** @param {MouseEvent} event */
  #onPlaceClick(event) {
    const control = event.target instanceof Element ? event.target.closest("[data-close]") : null;
    if (!control || !this.#isOwner) return;
    event.preventDefault();
    this.#close();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key === "Escape" && this.#isOwner) this.#close();
  }

  /** @param {Event} event */
  #onDone(event) {
    if (!this.#isOwner || !(event instanceof CustomEvent) || !event.detail.emptied) return;
    this.#place?.replaceChildren();
    this.#link?.setAttribute("aria-expanded", "false");
  }

  get #isOwner() {
    return this.#place?.dataset.openedBy === this.#link?.href;
  }
}

customElements.define("reply-form", ReplyForm);
