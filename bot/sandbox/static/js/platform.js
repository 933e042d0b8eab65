// The switch between the chat platforms. Each keeps its own chat.

import { byId } from "./dom.js";
import { t } from "./texts.js";

const standard = "telegram";

export class Platform {
  /** onChoose() hears that another platform was chosen. */
  constructor(onChoose) {
    this.buttons = [...byId("platforms").querySelectorAll("button")];
    const named = new URLSearchParams(location.search).get("platform");
    this.name = this.buttons.some((button) => button.dataset.platform === named) ? named : standard;
    for (const button of this.buttons) {
      button.addEventListener("click", () => {
        if (this.name === button.dataset.platform) return;
        this.name = button.dataset.platform;
        this.#show();
        onChoose();
      });
    }
    this.#show();
  }

  /** The end of the path of what the person does there. */
  get path() {
    return this.name === standard ? "" : `/${this.name}`;
  }

  #show() {
    for (const button of this.buttons) button.setAttribute("aria-pressed", String(button.dataset.platform === this.name));
    byId("chat").dataset.platform = this.name;
    byId("chat").setAttribute("aria-label", t(`chat.title.${this.name}`));
  }
}
