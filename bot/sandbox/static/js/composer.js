// The field to write in and the bot's menu of commands.

import { byId, el } from "./dom.js";

export class Composer {
  #commands = [];
  #shift = false;

  /** send(text) writes as the person and tells whether that worked. */
  constructor(send) {
    this.send = send;
    this.text = byId("text");
    this.menu = byId("menu");
    this.button = byId("menu-button");
    byId("composer").addEventListener("submit", (event) => { event.preventDefault(); this.#submit(); });
    this.text.addEventListener("input", () => { this.#grow(); this.#suggest(); });
    this.text.addEventListener("keydown", (event) => this.#key(event));
    this.text.addEventListener("beforeinput", (event) => this.#lineBreak(event));
    this.button.addEventListener("click", () => {
      this.#toggle(this.menu.hidden);
      if (!this.menu.hidden) this.menu.querySelector("button")?.focus();
    });
    this.menu.addEventListener("keydown", (event) => this.#wander(event));
    document.addEventListener("pointerdown", (event) => {
      if (!this.menu.contains(event.target) && !this.button.contains(event.target)) this.#toggle(false);
    });
  }

  /** Takes over the bot's menu. */
  commands(list) {
    this.#commands = list ?? [];
    this.button.hidden = this.#commands.length === 0;
    this.#fill(this.#commands);
  }

  /** Puts words into the field, for the person to send. */
  write(words) {
    this.text.value = words;
    this.#grow();
    this.text.focus();
  }

  async #submit() {
    const words = this.text.value.trim();
    this.#toggle(false);
    if (!words) return;
    this.write("");
    if (!await this.send(words) && !this.text.value) this.write(words);
  }

  #key(event) {
    this.#shift = event.shiftKey;
    if (event.key === "Escape") this.#toggle(false);
    if (event.key === "ArrowUp" && !this.menu.hidden) {
      event.preventDefault();
      this.menu.querySelector("li:last-child button")?.focus();
    }
  }

  /** Arrows go through the open menu, Escape leaves it. */
  #wander(event) {
    const rows = [...this.menu.querySelectorAll("button")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      this.#toggle(false);
      this.text.focus();
    } else if (step) {
      event.preventDefault();
      rows.at((rows.indexOf(document.activeElement) + step) % rows.length).focus();
    }
  }

  /** Enter sends; with Shift it begins a new line. Screen keyboards tell it here only. */
  #lineBreak(event) {
    if (event.inputType !== "insertLineBreak" || this.#shift) return;
    event.preventDefault();
    this.#submit();
  }

  /** Offers the commands that begin with what was typed after a slash. */
  #suggest() {
    const typed = this.text.value;
    const fitting = /^\/\w*$/.test(typed) ? this.#commands.filter((c) => c.command.startsWith(typed.slice(1))) : [];
    this.#fill(fitting.length ? fitting : this.#commands);
    this.#toggle(fitting.length > 0);
  }

  #fill(commands) {
    byId("commands").replaceChildren(...commands.map((c) => el("li", {},
      el("button", { type: "button", onclick: () => this.#choose(c) },
        el("span", { class: "what" }, c.description), el("span", { class: "word" }, `/${c.command}`)))));
  }

  #choose(command) {
    this.#toggle(false);
    this.text.value = "";
    this.send(`/${command.command}`);
  }

  #toggle(open) {
    this.menu.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    if (!open) this.#fill(this.#commands);
  }

  #grow() {
    this.text.style.height = "auto";
    this.text.style.height = `${this.text.scrollHeight}px`;
  }
}
