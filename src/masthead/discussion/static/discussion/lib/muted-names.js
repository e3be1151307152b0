/**
 * The names whose comments this browser folds: kept here alone, and listed among "My comments".
 *
 *     <muted-names data-unmute="Show again"><div hidden><ul></ul></div></muted-names>
 */
const KEY = "muted-names";

/** @returns {string[]} */
export function mutedNames() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((name) => typeof name === "string") : [];
  } catch {
    return [];
  }
}

/** @param {string} name */
export function isMuted(name) {
  return mutedNames().includes(name);
}

/**
 * @param {string} name
 * @param {boolean} on
 */
export function mute(name, on) {
  const others = mutedNames().filter((other) => other !== name);
  try {
    localStorage.setItem(KEY, JSON.stringify(on ? [...others, name].slice(-500) : others));
  } catch {
    // Storage is refused or full: nobody is muted.
  }
}

class MutedNames extends HTMLElement {
  connectedCallback() {
    this.#show();
  }

  #show() {
    const names = mutedNames();
    this.firstElementChild?.toggleAttribute("hidden", names.length === 0);
    const items = names.map((name) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "tool";
      button.textContent = this.dataset.unmute ?? "";
      button.setAttribute("aria-label", `${button.textContent}: ${name}`);
      button.addEventListener("click", () => {
        mute(name, false);
        this.#show();
      });
      item.append(`${name} `, button);
      return item;
    });
    this.querySelector("ul")?.replaceChildren(...items);
  }
}

customElements.define("muted-names", MutedNames);
