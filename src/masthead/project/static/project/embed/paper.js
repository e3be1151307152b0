/**
 * How another site's page asks the paper: never with cookies. Who has written or voted here is known by a token, which
 * the paper gave for pages of this origin alone; it is kept in this origin's storage.
 */

/** @typedef {{ kind: "fragment", fragment: DocumentFragment } | { kind: "refused", fragment: DocumentFragment } | { kind: "failed", text: string }} Reply */

const TOKEN = "Masthead-Guest";
const HERE = "/-/comments/";
const ELSEWHERE = "/-/embed/comments/";

export class Paper {
  #token = "";

  /**
   * @param {string} origin
   * @param {(html: string) => DocumentFragment} parse
   */
  constructor(origin, parse) {
    this.origin = origin;
    this.parse = parse;
    try {
      this.#token = localStorage.getItem(this.#name) ?? "";
    } catch {
      // Storage is refused: known until the page is left.
    }
  }

  get #name() {
    return `masthead-guest ${this.origin}`;
  }

  /** Whether there may be something of one's own to ask for. */
  get isKnown() {
    return this.#token !== "";
  }

  /**
   * Ask for a piece; with the token where it is personal, as every form is.
   * @param {string | URL} address
   * @param {RequestInit & { personal?: boolean }} [options]
   * @returns {Promise<Reply>}
   */
  async ask(address, { personal = false, ...options } = {}) {
    const where = new URL(address, this.origin);
    // What is done on the paper's own pages has a second address for those of others.
    if (where.pathname.startsWith(HERE)) where.pathname = where.pathname.replace(HERE, ELSEWHERE);
    /** @type {Record<string, string>} */
    const headers = personal && this.#token ? { [TOKEN]: this.#token } : {};
    try {
      const reply = await fetch(where, { ...options, headers, credentials: "omit", referrerPolicy: "no-referrer" });
      this.#remember(reply.headers.get(TOKEN));
      const text = await reply.text();
      const isPiece = reply.headers.get("Content-Type")?.startsWith("text/html") && !/^\s*<!doctype/i.test(text);
      if (!isPiece || reply.status >= 500) return { kind: "failed", text: "failed" };
      return { kind: reply.ok ? "fragment" : "refused", fragment: this.#made(text) };
    } catch {
      return { kind: "failed", text: "offline" };
    }
  }

  /** @param {string | null} token */
  #remember(token) {
    if (!token) return;
    this.#token = token;
    try {
      localStorage.setItem(this.#name, token);
    } catch {
      // See above.
    }
  }

  /**
   * Let every address in a piece be the paper's, wherever the piece stands.
   * @param {string} html
   */
  #made(html) {
    const fragment = this.parse(html);
    for (const attribute of ["href", "src", "action", "formaction"]) {
      for (const element of fragment.querySelectorAll(`[${attribute}^="/"]`))
        element.setAttribute(attribute, new URL(element.getAttribute(attribute) ?? "", this.origin).href);
    }
    return fragment;
  }
}
