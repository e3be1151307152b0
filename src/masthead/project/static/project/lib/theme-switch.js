/**
 * Keeps the reader's choice of light or dark in this browser. See also ../theme.js, which applies it before the first paint.
 *
 *     <theme-switch><input type="radio" name="theme" value="dark"> … </theme-switch>
 *
 * Values are "", "light" and "dark". Without script the radio buttons work for the page they stand on, by CSS.
 */
class ThemeSwitch extends HTMLElement {
  #stop = new AbortController();

  connectedCallback() {
    this.#stop = new AbortController();
    this.addEventListener("change", (event) => this.#onChange(event), { signal: this.#stop.signal });
    // A choice made while this file was on its way counts; it is loaded when the menu is opened.
    const early = this.querySelector("input:checked[value]:not([value=''])");
    if (early instanceof HTMLInputElement) this.#choose(early.value);
    else this.show(document.documentElement.dataset.theme ?? "");
  }

  disconnectedCallback() {
    this.#stop.abort();
  }

  /** @param {string} theme */
  show(theme) {
    for (const input of this.querySelectorAll("input")) input.checked = input.value === theme;
  }

  /** @param {Event} event */
  #onChange(event) {
    if (event.target instanceof HTMLInputElement) this.#choose(event.target.value);
  }

  /** @param {string} theme */
  #choose(theme) {
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    for (const other of document.querySelectorAll("theme-switch")) if (other instanceof ThemeSwitch) other.show(theme);
    try {
      if (theme) localStorage.setItem("theme", theme);
      else localStorage.removeItem("theme");
    } catch {
      // Storage is refused: the choice holds for this page.
    }
  }
}

customElements.define("theme-switch", ThemeSwitch);
