/**
 * The element that stands on the other site's page: a shadow root with the paper's own styles, filled by the paper's
 * own HTML. Nothing of it needs inline code or styles, and it asks the paper alone, without cookies.
 */
import { Paper } from "./paper.js";
import { focus, parse, swap } from "./swap.js";
import { Talk } from "./talk.js";

/** @type {Promise<CSSStyleSheet> | undefined} */
let sheet;

async function loadSheet() {
  const reply = await fetch(new URL("sheet.css", import.meta.url), { credentials: "omit" });
  if (!reply.ok) throw new Error("no sheet");
  return new CSSStyleSheet().replace(await reply.text());
}

class MastheadEmbed extends HTMLElement {
  #root = this.attachShadow({ mode: "open" });
  #frame = document.createElement("div");
  /** @type {{ listen: () => void, stop: () => void } | undefined} */
  #inside;

  connectedCallback() {
    // In the typeface of the page around it.
    this.#frame.style.setProperty("--masthead-face", getComputedStyle(this).fontFamily);
    this.#inside?.listen();
  }

  disconnectedCallback() {
    this.#inside?.stop();
  }

  /**
   * Fetch what is to be shown; false when it cannot be had.
   * @param {Paper} paper
   * @param {DOMStringMap} wanted
   */
  async fill(paper, wanted) {
    const { thread, theme, meter = "" } = wanted;
    const address = thread === undefined ? meterOf(meter) : `/-/comments/?thread=${encodeURIComponent(thread)}`;
    sheet ??= loadSheet();
    const [reply, styles] = await Promise.all([paper.ask(address), sheet.catch(() => null)]);
    if (reply.kind !== "fragment" || !styles) return false;
    this.#frame.className = "masthead";
    if (theme === "light" || theme === "dark") this.#frame.dataset.theme = theme;
    this.#frame.append(reply.fragment);
    this.#root.adoptedStyleSheets = [styles];
    this.#root.append(this.#frame);
    this.#inside = thread === undefined ? new Meter(this.#root, paper, meter) : new Talk(this.#root, paper, thread);
    return true;
  }
}

/**
 * Where the meter of a campaign is, or that of the paper without one.
 * @param {string} campaign
 */
const meterOf = (campaign) => (campaign ? `/-/embed/meter/${encodeURIComponent(campaign)}/` : "/-/embed/meter/");

/** The meter: made anew by the paper when money moved. */
class Meter {
  /** @type {EventSource | undefined} */
  #source;

  /**
   * @param {ShadowRoot} root
   * @param {Paper} paper
   * @param {string} campaign
   */
  constructor(root, paper, campaign) {
    this.root = root;
    this.paper = paper;
    this.campaign = campaign;
  }

  listen() {
    const topic = this.campaign ? `campaign:${this.campaign}` : "meter";
    this.#source = new EventSource(`${this.paper.origin}/-/live?topic=${encodeURIComponent(topic)}`);
    this.#source.addEventListener("meter", async () => {
      const reply = await this.paper.ask(meterOf(this.campaign));
      if (reply.kind === "fragment") swap(this.root, reply.fragment, this.root.querySelector(".masthead"), "fill");
    });
  }

  stop() {
    this.#source?.close();
  }
}

// Another paper's script may stand on the same page.
let name = "masthead-embed";
while (customElements.get(name)) name += "-too";
customElements.define(name, MastheadEmbed);

/**
 * The pieces of this page that are on their way. One below waits for those above, else they would push it away under
 * a reader's finger: the press would be lost, or meant for something else.
 * @type {Map<HTMLScriptElement, Promise<void>>}
 */
const coming = new Map();
const LONGEST_WAIT_MS = 3000;

/**
 * Show what a script tag asks for, in place of the link before it.
 * @param {HTMLScriptElement} script
 */
export function start(script) {
  const placed = show(script);
  coming.set(script, placed);
  return placed;
}

/** @param {HTMLScriptElement} script */
async function show(script) {
  const paper = new Paper(new URL(script.src).origin, parse);
  const before = script.previousElementSibling;
  const link = before?.matches("a") ? before : before?.querySelector("a");
  const element = document.createElement(name);
  if (!(element instanceof MastheadEmbed) || !(await element.fill(paper, script.dataset))) return;
  await above(script);
  if (!before || !(link instanceof HTMLAnchorElement) || link.origin !== paper.origin) return script.before(element);
  const hadFocus = before.contains(document.activeElement);
  before.replaceWith(element);
  if (hadFocus) focus([element], "*");
}

/** @param {HTMLScriptElement} script */
async function above(script) {
  const others = [...coming].filter(
    ([other]) => other.compareDocumentPosition(script) & Node.DOCUMENT_POSITION_FOLLOWING,
  );
  const late = new Promise((resolve) => setTimeout(resolve, LONGEST_WAIT_MS));
  await Promise.race([late, Promise.allSettled(others.map(([, placed]) => placed))]);
}
