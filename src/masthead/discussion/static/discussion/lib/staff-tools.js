/**
 * Puts the newsroom's tools into *More* of a comment when it is opened; comes with the personal fetch, for who may use them.
 *
 *     <staff-tools data-url="/-/comments/COMMENT/tools/"></staff-tools>
 */
import { ask, swap } from "masthead/swap";

class StaffTools extends HTMLElement {
  #stop = new AbortController();

  connectedCallback() {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    document.addEventListener("toggle", (event) => this.#onToggle(event), { capture: true, signal });
  }

  disconnectedCallback() {
    this.#stop.abort();
  }

  /** @param {Event} event */
  async #onToggle(event) {
    const more = event.target;
    if (!(more instanceof HTMLDetailsElement) || !more.open || !more.matches("details.more")) return;
    const list = more.querySelector(".more-list");
    if (!list || list.querySelector(".tools")) return;
    const address = (this.dataset.url ?? "").replace("COMMENT", more.id.slice("more-".length));
    const reply = await ask(address, { signal: this.#stop.signal });
    if (reply.kind === "fragment" && !list.querySelector(".tools")) swap(reply.fragment, list, "append");
  }
}

customElements.define("staff-tools", StaffTools);
