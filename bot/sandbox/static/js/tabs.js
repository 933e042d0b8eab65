// The tabs of a narrow window; a wide one shows everything at once.

import { byId } from "./dom.js";

const narrow = matchMedia("(max-width: 759px)");

export class Tabs {
  /** onShow(name) hears which panel came into view. */
  constructor(onShow) {
    this.onShow = onShow;
    this.buttons = [...byId("tabs").querySelectorAll("button")];
    for (const button of this.buttons) button.addEventListener("click", () => this.show(button.dataset.tab));
    this.show("chat");
  }

  show(name) {
    document.body.dataset.tab = name;
    for (const button of this.buttons) {
      if (button.dataset.tab === name) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
    this.onShow?.(name);
  }

  /** Tells whether a panel is in view. */
  sees(name) {
    return !narrow.matches || document.body.dataset.tab === name;
  }

  /** Shows how many things wait behind a tab. */
  count(name, number) {
    const badge = this.buttons.find((button) => button.dataset.tab === name).querySelector(".badge");
    badge.hidden = number === 0;
    badge.textContent = number;
  }
}
