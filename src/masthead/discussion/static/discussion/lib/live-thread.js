/**
 * Tells of what is new while a story is read: offers new comments, keeps the votes and the meter right.
 *
 *     <live-thread data-thread="article:1" data-source="/-/comments/new/" data-offers='{"0": …, "1": "# new comment - show"}'>
 *       <button type="button" hidden></button>
 *     </live-thread>
 *
 * Listens only while the page is in view. Where no stream is to be had it asks now and then. Nothing on the page moves
 * before the button is pressed; what one has written oneself is not offered.
 */
const KINDS = ["comment", "edited", "meter", "removed", "reset", "vote"];
const POLL = 20_000;

class LiveThread extends HTMLElement {
  #stop = new AbortController();
  /** @type {EventSource | undefined} */
  #source;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #last = 0;
  /** @type {import("./live-news.js").Desk | undefined} */
  #desk;

  connectedCallback() {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    document.addEventListener("visibilitychange", () => this.#turn(), { signal });
    addEventListener("pageshow", () => this.#turn(), { signal });
    addEventListener("pagehide", () => this.#close(), { signal });
    this.#turn();
  }

  disconnectedCallback() {
    this.#stop.abort();
    this.#desk = undefined;
    this.#close();
  }

  #turn() {
    this.#close();
    if (document.visibilityState === "visible") this.#listen();
  }

  #close() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = undefined;
  }

  get #address() {
    const known = this.#last ? `since=${this.#last}` : `age=${Math.ceil(performance.now() / 1000)}`;
    return `/-/live?topic=${encodeURIComponent(`thread:${this.dataset.thread}`)}&topic=meter&${known}`;
  }

  #listen() {
    const source = new EventSource(this.#address);
    this.#source = source;
    for (const kind of KINDS) {
      source.addEventListener(kind, (event) => {
        this.#last = Number(event.lastEventId) || this.#last;
        this.#hear({ kind, ...JSON.parse(event.data) });
      });
    }
    source.onerror = () => {
      // Refused: there is no room. Else the line broke.
      const refused = source.readyState === EventSource.CLOSED;
      this.#close();
      this.#timer = setTimeout(() => (refused ? this.#poll() : this.#listen()), 2000 + Math.random() * 4000);
    };
  }

  async #poll(round = 1) {
    try {
      const reply = await fetch(this.#address, { headers: { Accept: "application/json" }, signal: this.#stop.signal });
      const { id, reset, messages } = await reply.json();
      this.#last = id || this.#last;
      for (const news of reset ? [{ kind: "reset" }] : messages) this.#hear(news);
    } catch {
      // Asked again later.
    }
    if (document.visibilityState !== "visible") return;
    this.#timer = setTimeout(
      () => (round % 6 ? this.#poll(round + 1) : this.#listen()),
      POLL * (0.8 + Math.random() * 0.4),
    );
  }

  /** @param {import("./live-news.js").News} news */
  async #hear(news) {
    const { signal } = this.#stop;
    const { Desk } = await import("masthead/live-news");
    this.#desk ??= new Desk(this, signal);
    this.#desk.hear(news);
  }
}

customElements.define("live-thread", LiveThread);
