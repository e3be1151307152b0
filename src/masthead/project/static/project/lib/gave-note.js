/**
 * Notes in this browser alone that its reader gives, so that stories ask him no more for so many days.
 *
 *     <gave-note data-days="31"></gave-note>
 *
 * theme.js reads the note before the first paint. No server hears of it, and pages stay the same for everybody. A later
 * day that is noted already stays. Without script stories go on asking.
 */
const DAY = 24 * 60 * 60 * 1000;

class GaveNote extends HTMLElement {
  connectedCallback() {
    const until = Date.now() + Number(this.dataset.days ?? 0) * DAY;
    try {
      if (until > Number(localStorage.getItem("gave"))) localStorage.setItem("gave", String(until));
    } catch {
      // Storage is refused or full: stories go on asking.
    }
  }
}

customElements.define("gave-note", GaveNote);
