// The employee's mail inbox: a list, and one mail opened in its place.

import { avatar, byId, el } from "./dom.js";
import { post } from "./net.js";
import { t, timeOf } from "./texts.js";

export class Mail {
  #mails = [];
  #open = null; // the id of the opened mail
  #person = "";

  /** onUnread(count) hears of every change of the number of unread mails. */
  constructor(onUnread) {
    this.onUnread = onUnread;
    this.list = byId("mails");
    this.opened = byId("opened");
  }

  /**
   * Shows the person's mails, newest first; anew closes what was open. Gives
   * the newest one that came since, if any.
   */
  show(person, mails, anew) {
    const known = new Set(this.#mails.map((mail) => mail.id));
    const news = anew ? undefined : mails.find((mail) => !known.has(mail.id));
    const same = !anew && JSON.stringify(mails) === JSON.stringify(this.#mails);
    this.#person = person.key;
    this.#mails = mails;
    byId("mail-address").textContent = person.email;
    if (anew || !mails.some((mail) => mail.id === this.#open)) this.#close();
    if (!same) this.#draw(); // else the focus would be lost for nothing
    return news;
  }

  /** Opens a mail, and tells the sandbox that it was read. */
  open(id) {
    const mail = this.#mails.find((known) => known.id === id);
    if (!mail) return;
    this.#open = id;
    if (mail.unread) {
      mail.unread = false;
      post(`/people/${this.#person}/mails/${id}/read`);
    }
    this.#read(mail, mail.html ? "html" : "text");
    this.#draw();
  }

  #close() {
    this.#open = null;
    this.opened.replaceChildren();
  }

  #draw() {
    const closed = this.#open === null;
    this.opened.hidden = closed;
    this.list.hidden = !closed || this.#mails.length === 0;
    byId("mail-none").hidden = !closed || this.#mails.length > 0;
    this.list.replaceChildren(...this.#mails.map((mail) => this.#row(mail)));
    this.onUnread(this.#mails.filter((mail) => mail.unread).length);
  }

  #row(mail) {
    return el("li", { class: mail.unread ? "unread" : "", "data-mail": mail.id },
      el("button", { type: "button", onclick: () => this.open(mail.id) },
        avatar(mail.from),
        el("span", { class: "from" }, mail.name ? `${mail.name} · ${mail.from}` : mail.from),
        el("time", { datetime: mail.at }, timeOf(mail.at)),
        el("span", { class: "subject" }, mail.subject),
        mail.unread ? el("span", { class: "hidden" }, t("mail.unread")) : null));
  }

  #read(mail, as) {
    const back = el("button", { type: "button", class: "back", onclick: () => { this.#close(); this.#draw(); } }, `‹ ${t("mail.back")}`);
    const other = as === "html" ? "text" : "html";
    const choose = mail.html && mail.text ? el("button", { type: "button", onclick: () => this.#read(mail, other) }, t(`mail.${other}`)) : null;
    this.opened.replaceChildren(
      el("div", { class: "opened-head" },
        el("div", { class: "opened-bar" }, back, choose),
        el("h3", {}, mail.subject),
        el("div", { class: "meta" }, avatar(mail.from),
          el("span", { class: "from" }, el("b", {}, mail.name || mail.from), mail.name ? ` ${mail.from}` : ""),
          el("time", { datetime: mail.at }, timeOf(mail.at)),
          el("span", { class: "to" }, t("mail.to", { to: mail.to })))),
      // The mail cannot run scripts or reach this page; its links open in new tabs.
      el("iframe", { src: `/people/${this.#person}/mails/${mail.id}?as=${as}`, title: t("mail.body"), sandbox: "allow-popups allow-popups-to-escape-sandbox" }));
  }
}
