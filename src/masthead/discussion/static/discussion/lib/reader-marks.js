/**
 * What a reader decides for this browser alone: names he does not want to read, and what is new since his last visit.
 * Nothing of it leaves the browser. Without script nothing is hidden and nothing is marked.
 *
 *     <reader-marks data-thread="article:1" data-texts='{"mute": "Mute this name", …}'>
 *       <button type="button" hidden></button>
 *     </reader-marks>
 */
import { isMuted, mute } from "masthead/muted-names";
import { announce, focus } from "masthead/swap";

class ReaderMarks extends HTMLElement {
  #stop = new AbortController();
  #seen = "";

  connectedCallback() {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.#seen = read(this.#key);
    document.addEventListener("toggle", (event) => this.#offer(event.target), { capture: true, signal });
    document.addEventListener("masthead:inserted", () => this.#mark(), { signal });
    addEventListener("pagehide", () => this.#remember(), { signal });
    this.#button?.addEventListener("click", () => this.#filter(), { signal });
    this.#mark();
    // Opened before this file had come.
    for (const more of document.querySelectorAll("details.more[open]")) this.#offer(more);
  }

  disconnectedCallback() {
    this.#stop.abort();
  }

  get #key() {
    return `seen:${this.dataset.thread ?? location.pathname}`;
  }

  get #button() {
    return this.querySelector("button");
  }

  /** @param {string} name */
  #text(name) {
    return JSON.parse(this.dataset.texts ?? "{}")[name] ?? "";
  }

  #mark() {
    let count = 0;
    for (const comment of comments()) {
      // Ids are made in the order of time.
      const isNew = this.#seen !== "" && comment.id > this.#seen && !comment.classList.contains("comment-new");
      comment.classList.toggle("comment-unseen", isNew);
      count += Number(isNew);
      this.#fold(comment);
    }
    const button = this.#button;
    if (!button) return;
    button.hidden = !count;
    button.textContent = this.#text("unseen").replace("#", String(count));
    // "View all comments" and every other order bring a new list: the filter is gone with the old one.
    button.setAttribute("aria-pressed", String(document.querySelector(".only-unseen") !== null));
  }

  #filter() {
    document.querySelector("#comment-list")?.classList.toggle("only-unseen");
    this.#mark();
  }

  #remember() {
    const newest = [this.#seen, ...comments().map(({ id }) => id)].sort().at(-1);
    if (newest) write(this.#key, newest);
  }

  /**
   * Put *Mute* into the menu of a comment that is opened.
   * @param {EventTarget | null} more
   */
  #offer(more) {
    if (!(more instanceof HTMLDetailsElement) || !more.open || !more.matches("details.more")) return;
    const list = more.querySelector(".more-list");
    const name = nameOf(more.closest("article.comment"));
    if (!list || !name || list.querySelector(".mute")) return;
    const item = document.createElement("li");
    item.className = "mute";
    item.append(press(this.#text("mute"), () => this.#set(name, true)));
    list.append(item);
  }

  /**
   * @param {string} name
   * @param {boolean} on
   */
  #set(name, on) {
    mute(name, on);
    announce(named(this.#text(on ? "muted" : "unmuted"), name));
    for (const comment of comments()) this.#fold(comment);
    const first = comments().find((comment) => nameOf(comment) === name);
    focus(first?.querySelector(on ? ":scope > .muted-note button" : ":scope > .comment-head a"));
  }

  /** @param {HTMLElement} comment */
  #fold(comment) {
    const name = nameOf(comment);
    const isFolded = name !== "" && isMuted(name);
    comment.classList.toggle("comment-muted", isFolded);
    const note = comment.querySelector(":scope > .muted-note");
    if (!isFolded) note?.remove();
    if (!isFolded || note) return;
    const told = document.createElement("p");
    told.className = "tombstone muted-note";
    told.append(
      `${named(this.#text("muted"), name)} `,
      press(this.#text("undo"), () => this.#set(name, false)),
    );
    comment.querySelector(":scope > .comment-head")?.after(told);
  }
}

/**
 * A sentence with a name in it, which may be written in the other direction: isolated, or it would turn the words around.
 * @param {string} sentence
 * @param {string} name
 */
function named(sentence, name) {
  return sentence.replace("#", () => `\u2068${name}\u2069`);
}

/** @returns {HTMLElement[]} */
function comments() {
  return [...document.querySelectorAll("#comment-list article.comment")].filter((item) => item instanceof HTMLElement);
}

/** @param {Element | null} comment */
function nameOf(comment) {
  return comment?.querySelector(":scope > .comment-head > .comment-by")?.textContent?.trim() ?? "";
}

/**
 * @param {string} text
 * @param {() => void} deed
 */
function press(text, deed) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "tool";
  button.textContent = text;
  button.addEventListener("click", deed);
  return button;
}

/** @param {string} key */
function read(key) {
  try {
    return localStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

/**
 * @param {string} key
 * @param {string} value
 */
function write(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Storage is refused or full: nothing is marked next time.
  }
}

customElements.define("reader-marks", ReaderMarks);
