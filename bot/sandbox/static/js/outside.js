// The world outside: what is broken, and what BSrE really counted.

import { byId, el } from "./dom.js";
import { post } from "./net.js";
import { people, t } from "./texts.js";

export class Outside {
  constructor() {
    this.selects = [...document.querySelectorAll(".trouble select")];
    for (const select of this.selects) select.addEventListener("change", () => this.#tell());
    byId("heal").addEventListener("click", () => {
      for (const select of this.selects) select.value = "ok";
      this.#tell();
    });
  }

  /** Shows the state of the world. */
  show({ troubles, resets }) {
    for (const select of this.selects) select.value = troubles[select.dataset.place];
    this.#mark();
    const counted = people.filter((person) => resets[person.key] > 0);
    byId("counts").replaceChildren(...counted.map((person) =>
      el("li", { "data-counted": person.key }, el("span", {}, person.name), el("b", {}, `${resets[person.key]}×`))));
    if (!counted.length) byId("counts").append(el("li", { class: "soft" }, t("outside.counted.none")));
  }

  #tell() {
    this.#mark();
    post("/outside", Object.fromEntries(this.selects.map((select) => [select.dataset.place, select.value])));
  }

  #mark() {
    for (const select of this.selects) select.classList.toggle("broken", select.value !== "ok");
    byId("heal").hidden = this.selects.every((select) => select.value === "ok");
  }
}
