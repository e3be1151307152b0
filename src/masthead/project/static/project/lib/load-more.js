/**
 * Appends the next page of a list instead of leaving for it.
 *
 *     <load-more data-target="#comment-list"><a rel="next" href="?page=2#comment-list">Load more comments</a></load-more>
 *
 * The fragment holds the next items and, if there are more, an `<a rel="next">` whose address and text this link takes
 * over. Where the whole page stands at the link's address, `data-from` names the piece. Focus goes to the first new item. Without script the link leads to the next page.
 */
import { ask, complain, focus, isPlainClick, swap } from "masthead/swap";

class LoadMore extends HTMLElement {
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
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    const target = document.querySelector(this.dataset.target ?? "body > [hidden]");
    if (!link || !target || !isPlainClick(event)) return;
    event.preventDefault();
    this.#load(link, target);
  }

  /**
   * @param {HTMLAnchorElement} link
   * @param {Element} target
   */
  async #load(link, target) {
    if (link.getAttribute("aria-busy") === "true") return;
    link.setAttribute("aria-busy", "true");
    const reply = await ask(link.dataset.from ?? link.href, { signal: this.#stop.signal });
    link.removeAttribute("aria-busy");
    if (reply.kind === "moved") location.assign(reply.address);
    else if (reply.kind === "failed") complain(this, reply.text);
    else this.#append(link, target, reply.fragment);
  }

  /**
   * @param {HTMLAnchorElement} link
   * @param {Element} target
   * @param {DocumentFragment} fragment
   */
  #append(link, target, fragment) {
    complain(this, "");
    const next = fragment.querySelector("a[rel='next']");
    const wrapper = next?.closest("load-more") ?? next;
    wrapper?.remove();
    const arrived = swap(fragment, target, "append");
    focus(arrived[0]);
    if (next instanceof HTMLAnchorElement) {
      link.setAttribute("href", next.getAttribute("href") ?? "");
      if (next.dataset.from) link.dataset.from = next.dataset.from;
      link.textContent = next.textContent;
    } else {
      this.remove();
    }
  }
}

customElements.define("load-more", LoadMore);
