/**
 * Asks the paper for what a link or a form of a discussion stands for, and says beside it what went wrong.
 */
import { complain, focus, swap } from "./swap.js";

/**
 * Ask once at a time; null when nothing is to be shown but what was said.
 * @param {ShadowRoot} root
 * @param {import("./paper.js").Paper} paper
 * @param {Element} source
 * @param {string | URL} address
 * @param {RequestInit & { personal?: boolean }} [options]
 * @returns {Promise<DocumentFragment | null>}
 */
export async function ask(root, paper, source, address, options) {
  if (source.getAttribute("aria-busy") === "true") return null;
  source.setAttribute("aria-busy", "true");
  const reply = await paper.ask(address, options);
  source.removeAttribute("aria-busy");
  if (reply.kind === "fragment") return reply.fragment;
  const isForm = source instanceof HTMLFormElement;
  if (reply.kind === "refused") {
    refuse(root, source, reply.fragment, isForm);
    return null;
  }
  const texts = root.querySelector("section")?.dataset ?? {};
  const text = reply.text === "offline" ? texts.textOffline : texts.textFailed;
  complain(isForm ? source : (source.closest("p, div, nav") ?? source), text ?? "");
  return null;
}

/**
 * A form comes back with its errors and what was typed; anything else is a notice beside what was pressed.
 * @param {ShadowRoot} root
 * @param {Element} source
 * @param {DocumentFragment} fragment
 * @param {boolean} isForm
 */
function refuse(root, source, fragment, isForm) {
  const again = isForm && fragment.querySelector("form");
  if (!again) source.querySelector(":scope > .notice")?.remove();
  const how = again ? "replace" : isForm ? "prepend" : "after";
  focus(swap(root, fragment, source, how), "[data-focus]", "[aria-invalid='true']", "[role='alert']");
}
