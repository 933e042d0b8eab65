// Whom one plays, the employee or the officer of the help desk, and where the
// officer writes: outside of all tickets, or in the talk of one.

import { avatar, byId, el } from "./dom.js";
import { t } from "./texts.js";

export class Role {
  #known = null; // threads that were there
  #shown = ""; // the talks that are listed
  #seen = 0; // messages of the room that were looked at

  /** onChoose() hears that the other side was chosen, onThread() that another talk was. */
  constructor({ onChoose, onThread }) {
    this.onThread = onThread;
    this.buttons = [...byId("roles").querySelectorAll("button")];
    const named = new URLSearchParams(location.search).get("as");
    this.name = named === "officer" ? named : "employee";
    this.thread = "";
    this.room = null;
    for (const button of this.buttons) {
      button.addEventListener("click", () => {
        if (this.name === button.dataset.role) return;
        this.name = button.dataset.role;
        this.#show();
        onChoose();
      });
    }
    this.#show();
  }

  get officer() {
    return this.name === "officer";
  }

  /** Another platform has another room. */
  forget() {
    this.room = null;
    this.#known = null;
    this.#shown = "";
    this.thread = "";
    byId("threads").replaceChildren();
  }

  /** Takes the room as it is now. A talk that has just begun is opened, unless one is open. */
  take(room) {
    const threads = room.threads ?? [];
    const begun = this.#known && threads.filter((one) => !this.#known.has(one.id)).at(-1);
    const anew = this.room?.account !== room.account;
    this.#known = new Set(threads.map((one) => one.id));
    this.room = room;
    if (!this.#known.has(this.thread)) this.thread = "";
    const opened = begun && !this.thread;
    if (opened) this.thread = begun.id;
    this.#strip(threads);
    if (this.officer) this.seen();
    else this.mark("officer", room.messages.length > this.#seen && !anew);
    if (anew) this.seen();
    return opened;
  }

  /** What stands in the chosen talk. */
  get view() {
    const { room, thread } = this;
    const shown = room.messages.filter((message) => {
      const at = message.thread ?? (message.topic ? String(message.topic) : "");
      return thread ? at === thread : !at || (message.thread && !message.inside);
    });
    return { ...room, account: `${room.account} ${thread}`, messages: shown, typing: false };
  }

  /** Everything in the room was looked at. */
  seen() {
    this.#seen = this.room?.messages.length ?? 0;
    this.mark("officer", false);
  }

  /** Tells that something waits on the other side. */
  mark(role, on) {
    this.buttons.find((button) => button.dataset.role === role).classList.toggle("waits", on && this.name !== role);
  }

  /** Says who one is, as the officer. */
  introduce() {
    byId("you").replaceChildren(el("span", { class: "who" }, avatar(t("officer.name")),
      el("span", { class: "name" }, el("span", { class: "soft" }, `${t("people.you")}: `), t("officer.name"))));
  }

  #show() {
    for (const button of this.buttons) button.setAttribute("aria-pressed", String(button.dataset.role === this.name));
    this.mark(this.name, false);
    byId("chat").dataset.role = this.name;
    byId("restart").hidden = this.officer;
    byId("threads").hidden = !this.officer;
    byId("try").hidden = this.officer;
    const query = new URLSearchParams(location.search);
    query.set("as", this.name);
    history.replaceState(null, "", `?${query}`);
  }

  #strip(threads) {
    const all = [{ id: "", title: t("officer.room") }, ...threads.toReversed()];
    const json = JSON.stringify([all, this.thread]);
    if (json === this.#shown) return;
    this.#shown = json;
    byId("threads").replaceChildren(...all.map((one) =>
      el("button", { type: "button", "data-thread": one.id, "aria-pressed": String(one.id === this.thread), class: one.closed ? "closed" : null, onclick: () => this.#open(one.id, threads) }, one.title)));
    byId("threads").querySelector("[aria-pressed=true]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  #open(id, threads) {
    this.thread = id;
    this.#strip(threads);
    byId("threads").querySelector("[aria-pressed=true]")?.focus();
    this.onThread();
  }
}
