/**
 * Sends the forms inside it, and follows the links marked `data-live`, without leaving the page.
 *
 *     <live-form>
 *       <form method="post" action="/vote/" data-target="#votes-k3v9"> … </form>
 *       <a href="?sort=oldest" data-live data-target="#comments" data-history>Oldest</a>
 *     </live-form>
 *
 * On the form, the pressed button or the link, else on the element itself:
 *   data-target   selector of what the reply concerns; a form without one is left to the browser
 *   data-swap     replace (default), fill, append, prepend, before, after
 *   data-focus    selector of what receives focus afterwards; else `data-focus` in the reply decides
 *   data-from     (links) ask this address for the piece; the link's own holds the whole page
 *   data-history  (links) show the link's address in the address bar
 *
 * Fires `live-form:done` on the form or link, with `detail.target` and `detail.emptied`. Without script all
 * of them are plain forms and links.
 */
import { ask, complain, focus, isPlainClick, swap, within } from "masthead/swap";

class LiveForm extends HTMLElement {
  /** @type {AbortController | undefined} */
  #stop;

  connectedCallback() {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.addEventListener("submit", (event) => this.#onSubmit(event), { signal });
    this.addEventListener("click", (event) => this.#onClick(event), { signal });
  }

  disconnectedCallback() {
    this.#stop?.abort();
  }

  /** @param {SubmitEvent} event */
  #onSubmit(event) {
    const form = event.target;
    const button = event.submitter;
    if (event.defaultPrevented || !(form instanceof HTMLFormElement)) return;
    if (this.#setting("data-target", button, form) === null) return;
    event.preventDefault();
    const data = new FormData(form);
    const name = button?.getAttribute("name");
    if (name) data.append(name, button?.getAttribute("value") ?? "");
    const method = button?.getAttribute("formmethod") ?? form.getAttribute("method") ?? "get";
    const address = new URL(button?.getAttribute("formaction") ?? form.getAttribute("action") ?? "", document.baseURI);
    /** @type {RequestInit} */
    const options = { method: method.toUpperCase() };
    if (options.method === "GET") address.search = String(asText(data));
    else options.body = form.getAttribute("enctype") === "multipart/form-data" ? data : asText(data);
    this.#send(form, button, address, options);
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const link = event.target instanceof Element ? event.target.closest("a[data-live]") : null;
    if (!(link instanceof HTMLAnchorElement) || !isPlainClick(event)) return;
    event.preventDefault();
    this.#send(link, null, link.dataset.from ?? link.href, {});
  }

  /**
   * @param {HTMLFormElement | HTMLAnchorElement} source
   * @param {HTMLElement | null} button
   * @param {string | URL} address
   * @param {RequestInit} options
   */
  async #send(source, button, address, options) {
    if (source.getAttribute("aria-busy") === "true") return;
    source.setAttribute("aria-busy", "true");
    const reply = await ask(address, { ...options, signal: this.#stop?.signal ?? null });
    source.removeAttribute("aria-busy");
    if (reply.kind === "moved") location.assign(reply.address);
    else if (reply.kind === "failed") complain(source instanceof HTMLFormElement ? source : this, reply.text);
    else if (reply.kind === "refused") this.#refuse(source, reply.fragment);
    else this.#accept(source, button, reply.fragment);
  }

  /**
   * A form comes back with its errors and what was typed; anything else is a notice beside what was pressed.
   * @param {HTMLElement} source
   * @param {DocumentFragment} fragment
   */
  #refuse(source, fragment) {
    const isForm = source instanceof HTMLFormElement && fragment.querySelector("form");
    if (!isForm) source.querySelector(":scope > .notice")?.remove();
    const arrived = swap(
      fragment,
      source,
      isForm ? "replace" : source instanceof HTMLFormElement ? "prepend" : "after",
    );
    focus(first(arrived, "[data-focus]") ?? first(arrived, "[aria-invalid='true']"));
  }

  /**
   * @param {HTMLFormElement | HTMLAnchorElement} source
   * @param {HTMLElement | null} button
   * @param {DocumentFragment} fragment
   */
  #accept(source, button, fragment) {
    const target = document.querySelector(this.#setting("data-target", button, source) ?? "body > [hidden]");
    const how = this.#setting("data-swap", button, source) ?? "replace";
    const wanted = this.#setting("data-focus", button, source);
    const emptied =
      source instanceof HTMLFormElement && !button?.hasAttribute("data-target") && !target?.contains(source);
    const pressed = button?.getAttribute("value");
    complain(source, "");
    if (emptied) {
      source.reset();
      // A form that came back with errors would go back to what was typed then.
      for (const field of source.querySelectorAll("textarea")) field.value = "";
    }
    if (source.hasAttribute("data-history") && source instanceof HTMLAnchorElement)
      history.replaceState(null, "", source.href);
    const arrived = swap(fragment, target, how);
    const asked = wanted ? document.querySelector(wanted) : first(arrived, "[data-focus]");
    // A button that was replaced by its own reply (a vote) keeps focus in its successor.
    focus(asked ?? (button && !button.isConnected ? first(arrived, `[value="${CSS.escape(pressed ?? "")}"]`) : null));
    source.dispatchEvent(new CustomEvent("live-form:done", { bubbles: true, detail: { target, emptied } }));
  }

  /**
   * @param {string} name
   * @param {Element | null} button
   * @param {Element} source
   */
  #setting(name, button, source) {
    return button?.getAttribute(name) ?? source.getAttribute(name) ?? this.getAttribute(name);
  }
}

/**
 * @param {Element[]} elements
 * @param {string} selector
 */
function first(elements, selector) {
  for (const element of elements) {
    const found = within(element, selector);
    if (found) return found;
  }
  return null;
}

/** @param {FormData} data */
function asText(data) {
  const text = new URLSearchParams();
  for (const [name, value] of data) if (typeof value === "string") text.append(name, value);
  return text;
}

customElements.define("live-form", LiveForm);
