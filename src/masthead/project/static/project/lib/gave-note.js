/**
 * Notes in this browser alone that its reader gives, so that stories thank him and ask no more for so many days.
 *
 *     <gave-note data-days="31"></gave-note>
 *
 * theme.js reads the note before the first paint. No server hears of it, and pages stay the same for everybody. A later
 * day that is noted already stays; 0 days take the note away. Without script stories go on asking.
 */
const DAY = 24 * 60 * 60 * 1000;

class GaveNote extends HTMLElement {
  connectedCallback() {
    const days = Number(this.dataset.days ?? 0);
    const until = Date.now() + days * DAY;
    try {
      if (!days) localStorage.removeItem("gave");
      else if (until > Number(localStorage.getItem("gave"))) localStorage.setItem("gave", String(until));
    } catch {
      // Storage is refused or full: stories go on asking.
    }
  }
}

customElements.define("gave-note", GaveNote);
