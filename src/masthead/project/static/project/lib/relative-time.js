/**
 * Says how long ago a time was, in the page's language; the exact date stays in the title and for screen readers.
 *
 *     <relative-time><time datetime="2026-11-21T09:12Z">21 November 2026, 9:12</time></relative-time>
 *
 * After thirty days, and without script, the exact date stands there.
 */
const UNITS = /** @type {[Intl.RelativeTimeFormatUnit, number][]} */ ([
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
]);
const LONGEST = 30 * 86_400;

/** @type {Set<RelativeTime>} */
const shown = new Set();
/** @type {ReturnType<typeof setInterval> | undefined} */
let clock;
/** @type {Intl.RelativeTimeFormat | undefined} Made once: it costs more than all the words it writes. */
let words;

class RelativeTime extends HTMLElement {
  #exact = "";

  connectedCallback() {
    const time = this.querySelector("time");
    if (!time) return;
    this.#exact ||= time.title || (time.textContent ?? "");
    time.title = this.#exact;
    this.tell();
    shown.add(this);
    clock ??= setInterval(tellAll, 60_000);
  }

  disconnectedCallback() {
    shown.delete(this);
    if (!shown.size) {
      clearInterval(clock);
      clock = undefined;
    }
  }

  tell() {
    const time = this.querySelector("time");
    const seconds = (Date.now() - Date.parse(time?.dateTime ?? "")) / 1000;
    if (time) time.textContent = ago(seconds) ?? this.#exact;
  }
}

function tellAll() {
  for (const element of shown) element.tell();
}

/** @param {number} seconds */
function ago(seconds) {
  if (!(seconds >= -60 && seconds < LONGEST)) return null;
  words ??= new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "auto", style: "narrow" });
  for (const [unit, length] of UNITS) {
    if (seconds >= length) return words.format(-Math.floor(seconds / length), unit);
  }
  return words.format(0, "second");
}

customElements.define("relative-time", RelativeTime);
