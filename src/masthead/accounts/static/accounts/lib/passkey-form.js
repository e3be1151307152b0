/**
 * Makes or uses a passkey: asks the browser, puts its answer into the form and sends that.
 *
 *     <passkey-form data-options="{…}" data-failed="…">
 *       <form method="post" hidden><input type="hidden" name="credential"><button>…</button></form>
 *     </passkey-form>
 *
 * `data-options` holds what is to be made; `data-options-from` is where the challenge for signing in is fetched.
 * The form stays hidden in a browser that knows no passkeys.
 */
class PasskeyForm extends HTMLElement {
  #stop = new AbortController();

  connectedCallback() {
    const form = this.querySelector("form");
    if (!form || !("PublicKeyCredential" in window) || !("parseCreationOptionsFromJSON" in PublicKeyCredential)) return;
    this.#stop = new AbortController();
    form.hidden = false;
    form.addEventListener(
      "submit",
      (event) => {
        event.preventDefault();
        this.#ask(form);
      },
      { signal: this.#stop.signal },
    );
  }

  disconnectedCallback() {
    this.#stop.abort();
  }

  /** @param {HTMLFormElement} form */
  async #ask(form) {
    const field = form.querySelector("input[name='credential']");
    try {
      const options = this.dataset.options;
      const credential = options ? await made(JSON.parse(options)) : await used(this.dataset.optionsFrom ?? "");
      if (field instanceof HTMLInputElement) field.value = JSON.stringify(credential);
      form.submit();
    } catch {
      this.#complain(form);
    }
  }

  /** @param {HTMLFormElement} form */
  #complain(form) {
    const notice = form.querySelector(".error") ?? document.createElement("p");
    notice.className = "error";
    notice.setAttribute("role", "alert");
    notice.textContent = this.dataset.failed ?? "";
    form.prepend(notice);
  }
}

/** @param {{publicKey: PublicKeyCredentialCreationOptionsJSON}} options */
async function made({ publicKey }) {
  const parsed = PublicKeyCredential.parseCreationOptionsFromJSON(publicKey);
  return asJson(await navigator.credentials.create({ publicKey: parsed }));
}

/** @param {string} address */
async function used(address) {
  const reply = await fetch(address, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
  const { request_options: options } = await reply.json();
  const parsed = PublicKeyCredential.parseRequestOptionsFromJSON(options.publicKey);
  return asJson(await navigator.credentials.get({ publicKey: parsed }));
}

/** @param {Credential | null} credential */
function asJson(credential) {
  if (!(credential instanceof PublicKeyCredential)) throw new TypeError("the browser gave no passkey");
  return credential.toJSON();
}

customElements.define("passkey-form", PasskeyForm);
