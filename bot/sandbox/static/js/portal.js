// BSrE's portal, as far as its operator changes somebody's phone number there.

import { byId } from "./dom.js";
import { post } from "./net.js";
import { toast } from "./notice.js";
import { t } from "./texts.js";

export class Portal {
  #person = null;

  constructor() {
    this.field = byId("number");
    byId("portal").addEventListener("submit", async (event) => {
      event.preventDefault();
      const phone = this.field.value.replace(/\D/g, "");
      if (await post(`/people/${this.#person.key}/phone`, { phone })) toast(t("portal.changed"));
    });
  }

  /** Shows whose number it is, and which is on record. What is being typed stays. */
  show(person, phone) {
    byId("number-whose").textContent = person.name;
    if (this.#person?.key !== person.key || document.activeElement !== this.field) this.field.value = phone;
    this.#person = person;
  }
}
