// The conversation: messages come, change in place and vanish.

import { bubble } from "./bubble.js";
import { byId } from "./dom.js";
import { ask, toast, zoom } from "./notice.js";
import { post } from "./post.js";
import { t } from "./texts.js";

const near = 140; // pixels from the end within which the reader follows along
const typingShown = 5000; // milliseconds, as Telegram's apps do

/** Lets a message come in, once: else it would again whenever a tab shows the chat. */
function comesIn(node) {
  node.classList.add("new");
  for (const end of ["animationend", "animationcancel"]) node.addEventListener(end, () => node.classList.remove("new"), { once: true });
}

export class Chat {
  #messages = new Map(); // id → { node, json }
  #typing = 0;
  #platform = "";
  #height = 0; // of the conversation when it last was scrolled to its end

  /** send(text) writes as the person, press(message, data) presses a button. */
  constructor({ send, press }) {
    this.list = byId("messages");
    this.scroll = byId("scroll");
    this.actions = {
      command: send,
      deepLink: (word) => send(word ? `/start ${word}` : "/start"),
      press: async (message, button, node) => {
        node.setAttribute("aria-busy", "true");
        setTimeout(() => node.removeAttribute("aria-busy"), 15000);
        const answer = await press(message.id, button.data);
        if (!answer || this.#platform === "mattermost") node.removeAttribute("aria-busy"); // Telegram's bot tells by itself
      },
      copy: (text) => navigator.clipboard?.writeText(text).then(() => toast(t("chat.copied")), () => {}),
      zoom,
    };
    this.scroll.addEventListener("scroll", () => this.#offerNewest());
    byId("newest").addEventListener("click", () => this.toEnd("smooth"));
    byId("start").addEventListener("click", () => send("/start"));
    const stay = new ResizeObserver(() => { if (this.following) this.toEnd(); });
    stay.observe(this.scroll);
    stay.observe(this.list);
    this.following = true;
  }

  /** Shows a whole conversation in the place of what is shown. */
  reset(chat, anew) {
    byId("bot-name").textContent = chat.botName;
    this.#platform = chat.platform;
    if (anew) {
      this.#messages.clear();
      this.list.replaceChildren();
    }
    const there = new Set(chat.messages.map((message) => message.id));
    for (const id of this.#messages.keys()) if (!there.has(id)) this.remove(id);
    for (const message of chat.messages) this.put(message, anew);
    this.typing(chat.typing);
    this.#fresh();
    if (anew) this.toEnd();
  }

  /** Adds a message, or changes it in place. What was there before does not come in anew. */
  put(message, before = false) {
    const json = JSON.stringify(message);
    const old = this.#messages.get(message.id);
    if (old?.json === json) return;
    const follow = this.following || !message.bot;
    const node = this.#platform === "mattermost" ? post(message, this.actions) : bubble(message, this.actions);
    if (old) {
      old.node.replaceWith(node);
    } else {
      if (!before) comesIn(node);
      this.list.append(node);
      if (message.bot) this.typing(false);
    }
    this.#messages.set(message.id, { node, json });
    this.#fresh();
    if (follow) this.toEnd();
    else this.#offerNewest();
  }

  remove(id) {
    const old = this.#messages.get(id);
    if (!old) return;
    this.#messages.delete(id);
    old.node.classList.add("gone");
    setTimeout(() => old.node.remove(), 230);
  }

  /** Ends the pressed button's waiting and shows what the bot says to it. */
  answer(answer) {
    const node = this.#messages.get(answer.message)?.node;
    for (const key of node?.querySelectorAll("[aria-busy]") ?? []) key.removeAttribute("aria-busy");
    if (answer.text && answer.alert) ask(answer.text, "OK");
    else if (answer.text) toast(answer.text);
  }

  typing(on) {
    clearTimeout(this.#typing);
    const node = byId("presence");
    node.classList.toggle("typing", on);
    const usual = byId("chat").dataset.role === "officer" ? "officer.place" : "chat.bot";
    node.textContent = t(on ? "chat.typing" : usual);
    if (on) this.#typing = setTimeout(() => this.typing(false), typingShown);
  }

  toEnd(behavior = "auto") {
    this.following = true;
    this.#height = this.scroll.scrollHeight;
    this.scroll.scrollTo({ top: this.scroll.scrollHeight, behavior });
  }

  /** Follows no more when the reader scrolled up, not when the chat grew. */
  #offerNewest() {
    if (this.following && this.scroll.scrollHeight !== this.#height) {
      this.toEnd();
      return;
    }
    const left = this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight;
    this.following = left < near;
    byId("newest").hidden = this.following;
  }

  #fresh() {
    const fresh = this.#messages.size === 0;
    byId("chat").classList.toggle("fresh", fresh);
    byId("start").hidden = !fresh || this.#platform === "mattermost" || byId("chat").dataset.role === "officer";
    byId("empty").hidden = !fresh;
  }
}
