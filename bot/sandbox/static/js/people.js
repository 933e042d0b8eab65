// The choice of employees.

import { avatar, byId, el } from "./dom.js";
import { people, t } from "./texts.js";

export class People {
  /**
   * onChoose(person) begins their chat, onType(nip) puts it into the field,
   * onWho() wants to see the choice.
   */
  constructor({ onChoose, onType, onWho }) {
    this.onType = onType;
    this.onWho = onWho;
    for (const row of document.querySelectorAll(".person")) {
      const person = people.find((one) => one.key === row.dataset.person);
      row.querySelector(".choose").addEventListener("click", () => onChoose(person));
      row.querySelector(".nip").addEventListener("click", () => { onChoose(person); onType(person.nip); });
    }
  }

  /** The employee that the address of the page names, or the first. */
  first() {
    const named = new URLSearchParams(location.search).get("p");
    return people.find((one) => one.key === named) ?? people[0];
  }

  /** Shows who one is now, and on which platform. */
  show(person, platform) {
    for (const row of document.querySelectorAll(".person")) {
      row.querySelector(".choose").setAttribute("aria-pressed", String(row.dataset.person === person.key));
    }
    const type = t("people.nip");
    byId("you").replaceChildren(
      el("button", { type: "button", class: "who", title: t("people.title"), onclick: () => this.onWho() }, avatar(person.name),
        el("span", { class: "name" }, el("span", { class: "soft" }, `${t("people.you")}: `), person.name)),
      el("button", { type: "button", class: "nip", title: type, "aria-label": `${type}: ${person.nip}`, onclick: () => this.onType(person.nip) }, person.nip));
    const query = new URLSearchParams(location.search);
    query.set("p", person.key);
    query.set("platform", platform);
    history.replaceState(null, "", `?${query}`);
    for (const link of document.querySelectorAll("[data-language]")) {
      query.set("lang", link.dataset.language);
      link.href = `?${query}`;
    }
  }
}
