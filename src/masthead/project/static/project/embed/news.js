/**
 * Offers what was written elsewhere while a discussion stands open on another site's page, and keeps the votes right.
 * Nothing moves before the button is pressed. Listens while the page is in view; the browser itself connects anew.
 */
import { announce, complain, focus, swap } from "./swap.js";

const KINDS = ["comment", "edited", "removed", "vote"];

export class News {
  /** @type {Set<string>} */
  #added = new Set();
  /** @type {Set<string>} */
  #changed = new Set();
  /** @type {EventSource | undefined} */
  #source;
  #stopped = new AbortController();
  #last = "";

  /**
   * @param {ShadowRoot} root
   * @param {import("./paper.js").Paper} paper
   * @param {string} thread
   */
  constructor(root, paper, thread) {
    this.root = root;
    this.paper = paper;
    this.thread = thread;
    this.#button?.addEventListener("click", () => this.#show());
  }

  get #button() {
    const found = this.root.querySelector(".new-offer");
    return found instanceof HTMLButtonElement ? found : null;
  }

  listen() {
    this.#stopped = new AbortController();
    document.addEventListener("visibilitychange", () => this.#turn(), { signal: this.#stopped.signal });
    this.#turn();
  }

  stop() {
    this.#stopped.abort();
    this.#source?.close();
  }

  #turn() {
    this.#source?.close();
    if (document.visibilityState !== "visible") return;
    const query = new URLSearchParams({ topic: `thread:${this.thread}` });
    if (this.#last) query.set("since", this.#last);
    else query.set("age", String(Math.ceil(performance.now() / 1000)));
    this.#source = new EventSource(`${this.paper.origin}/-/live?${query}`);
    for (const kind of KINDS) {
      this.#source.addEventListener(kind, (event) => {
        this.#last = event.lastEventId || this.#last;
        this.#hear(kind, JSON.parse(event.data));
      });
    }
  }

  /**
   * @param {string} kind
   * @param {{ comment: string, score?: number }} news
   */
  #hear(kind, { comment, score }) {
    if (kind === "vote") {
      const place = this.root.querySelector(`#votes-${CSS.escape(comment)} .score`);
      if (place) place.textContent = String(score);
      return;
    }
    if (kind === "comment") this.#added.add(comment);
    else if (kind === "removed" && this.#added.delete(comment)) return this.offer();
    else this.#changed.add(comment);
    this.offer();
  }

  /** Offer what is not here yet. Not while something is sent: its answer may bring what we were just told of. */
  offer() {
    if (this.root.querySelector("form[aria-busy='true']")) return;
    for (const id of this.#added) if (this.root.getElementById(`comment-${id}`)) this.#added.delete(id);
    for (const id of this.#changed) {
      const text = this.root.getElementById(`text-${id}`);
      if (!text || text.hasAttribute("data-changed-here")) this.#changed.delete(id);
      text?.removeAttribute("data-changed-here");
    }
    const button = this.#button;
    if (!button) return;
    const text = this.#added.size || this.#changed.size ? this.#text(this.#added.size) : "";
    if (button.hidden) announce(this.root, text);
    button.textContent = text;
    button.hidden = !text;
  }

  /** @param {number} count */
  #text(count) {
    const texts = JSON.parse(this.#button?.parentElement?.dataset.offers ?? "{}");
    const rules = new Intl.PluralRules(this.root.querySelector("section")?.lang || "en");
    const example = Object.keys(texts).find((item) => +item && rules.select(+item) === rules.select(count));
    return texts[count ? (example ?? "100") : "0"].replace("#", String(count));
  }

  async #show() {
    const [added, changed] = [[...this.#added].slice(0, 50), [...this.#changed].slice(0, 50)];
    const query = new URLSearchParams({ thread: this.thread });
    for (const id of added) query.append("id", id);
    for (const id of changed) query.append("changed", id);
    const reply = await this.paper.ask(`/-/comments/new/?${query}`);
    const section = this.root.querySelector("section");
    if (reply.kind !== "fragment") {
      if (section) complain(section, section.dataset.textOffline ?? "");
      return;
    }
    for (const id of added) this.#added.delete(id);
    for (const id of changed) this.#changed.delete(id);
    const arrived = swap(this.root, reply.fragment, null);
    focus(arrived, "article", "[id^='text-']");
    this.root.activeElement?.scrollIntoView({ block: "nearest" });
    this.offer();
  }
}
