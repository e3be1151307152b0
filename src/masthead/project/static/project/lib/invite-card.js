/**
 * Invites a reader once: after some time of reading, at most once a week, never again when dismissed or followed.
 *
 *     <invite-card class="invite" role="complementary" aria-label="Invitation" data-delay-seconds="45" data-key="invite" hidden>
 *       <p><a href="#comment-form">Would love your thoughts, please comment.</a></p>
 *       <button type="button" data-dismiss>Dismiss</button>
 *     </invite-card>
 *
 * Only time with the page in view counts. Where the browser keeps nothing it stays away: it could not keep its promise.
 */
const WEEK = 7 * 86_400_000;
const GONE = "gone";

class InviteCard extends HTMLElement {
  #stop = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #left = 0;
  #since = 0;

  connectedCallback() {
    if (!this.#mayShow()) return;
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.#left = Number(this.dataset.delaySeconds ?? 45) * 1000;
    document.addEventListener("visibilitychange", () => this.#count(), { signal });
    this.addEventListener("click", (event) => this.#onClick(event), { signal });
    this.#count();
  }

  disconnectedCallback() {
    this.#stop.abort();
    clearTimeout(this.#timer);
  }

  #count() {
    clearTimeout(this.#timer);
    if (document.visibilityState === "visible") {
      this.#since = Date.now();
      this.#timer = setTimeout(() => this.#show(), this.#left);
    } else {
      this.#left -= Date.now() - this.#since;
    }
  }

  #show() {
    const form = document.querySelector("#comment-form");
    if (form?.contains(document.activeElement) || form?.querySelector("textarea")?.value) return;
    if (!this.#keep(String(Date.now()))) return;
    this.hidden = false;
    this.#stop.signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const pressed = event.target instanceof Element ? event.target.closest("a, [data-dismiss]") : null;
    if (!pressed) return;
    this.#keep(GONE);
    this.hidden = true;
    if (pressed instanceof HTMLAnchorElement) {
      const field = document.querySelector(`${pressed.hash} textarea`);
      if (field instanceof HTMLElement) {
        event.preventDefault();
        field.focus();
      }
    }
  }

  #mayShow() {
    try {
      const last = localStorage.getItem(this.#key);
      return last === null || (last !== GONE && Date.now() - Number(last) > WEEK);
    } catch {
      return false;
    }
  }

  /** @param {string} value */
  #keep(value) {
    try {
      localStorage.setItem(this.#key, value);
      return true;
    } catch {
      return false;
    }
  }

  get #key() {
    return `invite:${this.dataset.key ?? ""}`;
  }
}

customElements.define("invite-card", InviteCard);
