/**
 * What the page does with news that <live-thread> hears; loaded when there is some.
 *
 * Votes and the meter change in place. New and changed comments are offered by the element's button, and brought in when
 * it is pressed. What one has written oneself is not offered.
 */
import { announce, ask, complain, focus, swap, within } from "masthead/swap";

/** @typedef {{ id?: number, kind: string, comment?: string, score?: number, shown?: Record<string, string> }} News */

export class Desk {
  /** @type {Set<string>} */
  #added = new Set();
  /** @type {Set<string>} */
  #changed = new Set();
  #element;
  #signal;

  /**
   * @param {HTMLElement} element
   * @param {AbortSignal} signal
   */
  constructor(element, signal) {
    this.#element = element;
    this.#signal = signal;
    document.addEventListener("live-form:done", () => this.#offer(), { signal });
    this.#button?.addEventListener("click", () => this.#show(), { signal });
  }

  get #button() {
    return this.#element.querySelector("button");
  }

  /** @param {News} news */
  hear(news) {
    const id = news.comment ?? "";
    if (news.kind === "meter") showMeter(news.shown ?? {});
    else if (news.kind === "reset") setTimeout(() => this.#compare(), Math.random() * 5000);
    else if (news.kind === "vote") showScore(id, String(news.score));
    else {
      if (news.kind === "comment") this.#added.add(id);
      else if (!this.#added.has(id)) this.#changed.add(id);
      else if (news.kind === "removed") this.#added.delete(id);
      this.#offer();
    }
  }

  /** How things stand, for who has been away too long: what the newest page of the list has and this page has not. */
  async #compare() {
    const newest = [...document.querySelectorAll("article.comment")].reduce(
      (last, { id }) => (id > last ? id : last),
      "",
    );
    const address = document.querySelector(".sort-links a")?.getAttribute("data-from");
    const reply = address ? await ask(address, { signal: this.#signal }) : null;
    if (reply?.kind !== "fragment") return;
    for (const { id } of reply.fragment.querySelectorAll("article.comment"))
      if (id > newest) this.#added.add(id.slice("comment-".length));
    for (const votes of reply.fragment.querySelectorAll(".votes"))
      showScore(votes.id.slice("votes-".length), votes.querySelector(".score")?.textContent ?? "");
    this.#offer();
  }

  #offer() {
    // Its answer may bring what we were just told of.
    if (document.querySelector("form[aria-busy='true']")) return;
    for (const id of this.#added) if (isHere(id)) this.#added.delete(id);
    for (const id of this.#changed) if (isShown(id)) this.#changed.delete(id);
    const button = this.#button;
    if (!button) return;
    const text = this.#added.size || this.#changed.size ? this.#text(this.#added.size) : "";
    if (button.hidden) announce(text);
    button.textContent = text;
    button.hidden = !text;
  }

  /** @param {number} count */
  #text(count) {
    const texts = JSON.parse(this.#element.dataset.offers ?? "{}");
    const rules = new Intl.PluralRules(document.documentElement.lang || "en");
    const example = Object.keys(texts).find((item) => +item && rules.select(+item) === rules.select(count));
    return texts[count ? (example ?? "100") : "0"].replace("#", String(count));
  }

  async #show() {
    const added = [...this.#added].slice(0, 50);
    const changed = [...this.#changed].slice(0, 50);
    const query = new URLSearchParams({ thread: this.#element.dataset.thread ?? "" });
    for (const id of added) query.append("id", id);
    for (const id of changed) query.append("changed", id);
    const reply = await ask(`${this.#element.dataset.source}?${query}`, { signal: this.#signal });
    if (reply.kind !== "fragment") {
      if (reply.kind === "failed") complain(this.#element.parentElement ?? this.#element, reply.text);
      return;
    }
    for (const id of added) this.#added.delete(id);
    for (const id of changed) this.#changed.delete(id);
    const arrived = swap(reply.fragment, null);
    const first =
      arrived.find((item) => item.matches("article")) ?? arrived.find((item) => within(item, "[id^=text-]"));
    focus(first);
    first?.scrollIntoView({ block: "nearest" });
    this.#offer();
  }
}

/** @param {string} id */
function isHere(id) {
  const name = `comment-${CSS.escape(id)}`;
  return document.querySelector(`#${name}, .answers a[href$="#${name}"]`) !== null;
}

/**
 * Whether a changed comment needs no offer: it is not on the page, or was changed here. The mark of that serves once, as
 * the news may come before the reply or after it.
 * @param {string} id
 */
function isShown(id) {
  const text = document.getElementById(`text-${id}`);
  const changedHere = text?.hasAttribute("data-changed-here");
  text?.removeAttribute("data-changed-here");
  return !text || changedHere;
}

/**
 * @param {string} id
 * @param {string} score
 */
function showScore(id, score) {
  const place = document.querySelector(`#votes-${CSS.escape(id)} .score`);
  if (place && place.textContent !== score) place.textContent = score;
}

/** @param {Record<string, string>} shown */
function showMeter(shown) {
  const gauge = document.querySelector(".meter .meter-gauge");
  for (const [name, value] of [
    ["now", shown.now],
    ["max", shown.goal],
    ["text", shown.sentence],
  ])
    if (value) gauge?.setAttribute(`aria-value${name}`, value);
  for (const [part, value] of [
    ["fill", shown.percent],
    ["before", shown.percent],
    ["after", shown.rest],
  ])
    document.querySelector(`.meter .meter-${part}`)?.setAttribute("width", `${value}%`);
  const ticks = [".meter-flag", ".meter-left", ".meter-ticks :nth-child(2)", ".meter-ticks :nth-child(3)"];
  for (const [index, text] of [shown.raised_text, shown.left_text, shown.half_text, shown.goal_text].entries()) {
    const place = document.querySelector(`.meter ${ticks[index]}`);
    if (place && text) place.textContent = text;
  }
}
