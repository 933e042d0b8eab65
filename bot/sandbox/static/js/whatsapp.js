// What BSrE writes to the employee's WhatsApp.

import { byId, el } from "./dom.js";
import { t, timeOf } from "./texts.js";

export class WhatsApp {
  #known = new Set();

  /** onUnread(count) hears how many messages nobody looked at yet. */
  constructor(onUnread) {
    this.onUnread = onUnread;
    this.unread = 0;
    this.list = byId("whatsapps");
  }

  /** Shows the person's messages; gives the newest one that came since, if any. */
  show(number, messages, anew) {
    byId("whatsapp-number").textContent = number;
    if (anew) {
      this.#known.clear();
      this.list.replaceChildren();
      this.read();
    }
    const news = messages.filter((message) => this.#put(message));
    byId("whatsapp-none").hidden = this.#known.size > 0;
    if (anew || !news.length) return undefined;
    this.unread += news.length;
    this.onUnread(this.unread);
    this.list.scrollTo({ top: this.list.scrollHeight });
    return news.at(-1);
  }

  /** Everything was looked at. */
  read() {
    this.unread = 0;
    this.onUnread(0);
  }

  #put(message) {
    if (this.#known.has(message.id)) return false;
    this.#known.add(message.id);
    const words = el("p", {});
    const at = message.link ? message.text.indexOf(message.link) : -1;
    if (at >= 0) words.append(message.text.slice(0, at), link(message.link), message.text.slice(at + message.link.length));
    else words.append(message.text, ...(message.link ? ["\n", link(message.link)] : []));
    this.list.append(el("li", {}, el("b", {}, t("whatsapp.from")), words, el("time", { datetime: message.at }, timeOf(message.at))));
    return true;
  }
}

const link = (href) => el("a", { href, target: "_blank", rel: "noopener noreferrer" }, href);
