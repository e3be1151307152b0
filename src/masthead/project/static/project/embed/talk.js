/**
 * What readers do in a discussion on another site's page: the links and forms of the paper, answered in place.
 *
 * The attributes are those of the paper's own elements (`live-form`, `reply-form`, `load-more`); they are not defined
 * here, for another site's registry of elements is not ours.
 */
import { ask } from "./ask.js";
import { News } from "./news.js";
import { complain, focus, swap } from "./swap.js";

/** @typedef {import("./paper.js").Reply} Reply */

export class Talk {
  #news;

  /**
   * @param {ShadowRoot} root
   * @param {import("./paper.js").Paper} paper
   * @param {string} thread
   */
  constructor(root, paper, thread) {
    this.root = root;
    this.paper = paper;
    this.query = `thread=${encodeURIComponent(thread)}`;
    this.#news = new News(root, paper, thread);
    root.addEventListener("click", (event) => event instanceof MouseEvent && this.#onClick(event));
    root.addEventListener("submit", (event) => {
      event.preventDefault();
      if (event instanceof SubmitEvent) this.#onSubmit(event);
    });
    root.addEventListener("keydown", (event) => event instanceof KeyboardEvent && this.#onKey(event));
    this.#mark();
  }

  listen() {
    this.#news.listen();
  }

  stop() {
    this.#news.stop();
  }

  /** Mark what is one's own, if there is anything. */
  async #mark() {
    if (!this.paper.isKnown) return;
    const reply = await this.paper.ask(`/-/comments/me/?${this.query}`, { personal: true });
    if (reply.kind === "fragment") swap(this.root, reply.fragment, null);
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link) return;
    const place = link.closest(".reply-place");
    const opens = link.closest("reply-form");
    const more = link.closest("load-more");
    const here = link.getAttribute("href")?.startsWith("#");
    if (place instanceof HTMLElement && link.hasAttribute("data-close")) this.#close(place);
    else if (opens && this.#find(opens)) this.#open(link, opens);
    else if (more) this.#load(link, more);
    else if (link.hasAttribute("data-live")) this.#follow(link);
    else if (here) this.#jump(this.root.getElementById(link.hash.slice(1)));
    else return;
    event.preventDefault();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const place = event.target instanceof Element ? event.target.closest(".reply-place") : null;
    if (event.key === "Escape" && place instanceof HTMLElement) this.#close(place);
  }

  /** @param {SubmitEvent} event */
  #onSubmit({ target, submitter }) {
    if (!(target instanceof HTMLFormElement)) return;
    if (target.method === "get") this.#search(target);
    else this.#send(target, submitter);
  }

  /** @param {HTMLElement | null} target */
  #jump(target) {
    target?.scrollIntoView({ block: "nearest" });
    if (target) focus([target], "textarea", "*");
  }

  /** @param {Element} element */
  #find(element) {
    const selector = element.getAttribute("data-target");
    const found = selector ? this.root.querySelector(selector) : null;
    return found instanceof HTMLElement ? found : null;
  }

  /**
   * @param {Element} source
   * @param {string | URL} address
   * @param {RequestInit & { personal?: boolean }} [options]
   */
  #ask(source, address, options) {
    return ask(this.root, this.paper, source, address, options);
  }

  /** @param {HTMLAnchorElement} link */
  async #follow(link) {
    const fragment = await this.#ask(link, link.dataset.from ?? link.href);
    if (!fragment) return;
    focus(swap(this.root, fragment, this.#find(link)), "[data-focus]");
    this.#mark();
  }

  /** @param {HTMLFormElement} form */
  async #search(form) {
    const words = String(new FormData(form).get("q") ?? "");
    const address = `/-/comments/list/?${this.query}&q=${encodeURIComponent(words)}`;
    const fragment = await this.#ask(form, address);
    if (fragment) focus(swap(this.root, fragment, this.root.getElementById("comment-thread")), "[type='search']");
  }

  /**
   * @param {HTMLAnchorElement} link
   * @param {Element} more
   */
  async #load(link, more) {
    const fragment = await this.#ask(link, link.dataset.from ?? link.href);
    if (!fragment) return;
    const next = fragment.querySelector("a[rel='next']");
    next?.remove();
    const arrived = swap(this.root, fragment, this.#find(more), "append");
    if (next) link.replaceWith(next);
    else more.remove();
    focus(arrived, "article");
    this.#mark();
  }

  /**
   * Open the form behind a link in place; a second press closes it and keeps the words.
   * @param {HTMLAnchorElement} link
   * @param {Element} opens
   */
  async #open(link, opens) {
    let place = this.#find(opens);
    if (place?.dataset.openedBy === link.href && place.firstElementChild) {
      if (!place.hidden) {
        this.#close(place);
        return;
      }
    } else {
      const fragment = await this.#ask(link, link.href, { personal: true });
      // The list may have been drawn anew meanwhile, with a place of the same name.
      place = this.#find(opens);
      if (!fragment || !place) return;
      place.dataset.openedBy = link.href;
      swap(this.root, fragment, place, "fill");
    }
    this.#show(place, true);
    focus([place], "[data-focus]", "textarea", "button");
  }

  /**
   * @param {HTMLElement} place
   * @param {boolean} isOpen
   */
  #show(place, isOpen) {
    place.hidden = !isOpen;
    const links = [...this.root.querySelectorAll("reply-form a")].filter(
      (link) => link instanceof HTMLAnchorElement && link.href === place.dataset.openedBy,
    );
    for (const link of links) link.setAttribute("aria-expanded", String(isOpen));
    return links;
  }

  /**
   * Close a form's place and go back to the link that opened it.
   * @param {HTMLElement} place
   */
  #close(place) {
    focus(this.#show(place, false), "a");
    return place;
  }

  /**
   * @param {HTMLFormElement} form
   * @param {HTMLElement | null} button
   */
  async #send(form, button) {
    const data = new FormData(form, button);
    const fragment = await this.#ask(form, form.action, { method: "POST", body: data, personal: true });
    if (!fragment) return;
    const target = this.#find(form);
    const place = form.closest(".reply-place");
    complain(form, "");
    if (!target?.contains(form)) form.reset();
    const arrived = swap(this.root, fragment, target, form.dataset.swap);
    if (place instanceof HTMLElement && form.isConnected) this.#close(place).replaceChildren();
    const pressed = button && !button.isConnected ? `[value="${CSS.escape(button.getAttribute("value") ?? "-")}"]` : "";
    focus(arrived, "[data-focus]", ...(pressed ? [pressed] : []));
    this.#news.offer();
  }
}
