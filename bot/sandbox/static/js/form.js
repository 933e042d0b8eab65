// A dialog of Mattermost's: fields to fill in, a button to send them.

import { byId, el } from "./dom.js";
import { t } from "./texts.js";

export class Form {
  #shown = ""; // the dialog that is open, without its errors

  /** submit(values) sends the fields, cancel() tells that they stay unsent. */
  constructor({ submit, cancel }) {
    this.submit = submit;
    this.node = byId("form");
    this.node.addEventListener("cancel", () => { this.#shown = ""; cancel(); });
    this.cancel = () => { this.show(null); cancel(); };
  }

  /** Shows a dialog, or closes it with null. What was typed into it stays. */
  show(dialog) {
    if (!dialog) {
      this.#shown = "";
      this.node.close();
      return;
    }
    const like = JSON.stringify({ ...dialog, error: "", fields: dialog.fields.map((field) => ({ ...field, error: "" })) });
    if (like !== this.#shown) this.#fill(dialog);
    this.#shown = like;
    this.#errors(dialog);
    if (!this.node.open) this.node.showModal();
  }

  #fill(dialog) {
    const intro = el("div", { class: "intro" });
    intro.innerHTML = dialog.intro; // made of Markdown, without any HTML of the sender's
    const send = el("button", { class: "strong" }, dialog.submit || t("chat.send"));
    const form = el("form", { autocomplete: "off" }, el("h2", { id: "form-title" }, dialog.title), intro, ...dialog.fields.map(field),
      el("p", { class: "wrong", role: "alert" }),
      el("div", { class: "row" }, el("button", { type: "button", onclick: this.cancel }, t("chat.cancel")), send));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      send.disabled = true;
      await this.submit(Object.fromEntries([...new FormData(form)].filter(([, value]) => value)));
      send.disabled = false;
    });
    this.node.replaceChildren(form);
  }

  #errors(dialog) {
    this.node.querySelector(":scope > form > .wrong").textContent = dialog.error;
    for (const { name, error } of dialog.fields) {
      const input = byId(`field-${name}`);
      input.setAttribute("aria-invalid", String(Boolean(error)));
      byId(`wrong-${name}`).textContent = error;
      if (error) input.focus();
    }
  }
}

function field(one) {
  const id = `field-${one.name}`;
  return el("div", { class: "field" }, el("label", { for: id }, one.label),
    el("input", {
      id, name: one.name, type: "text", value: one.value, placeholder: one.placeholder, required: !one.optional,
      maxlength: one.maxLength || null, "aria-describedby": `wrong-${one.name} help-${one.name}`,
    }),
    el("p", { class: "wrong", id: `wrong-${one.name}`, role: "alert" }),
    el("p", { class: "soft", id: `help-${one.name}` }, one.help));
}
