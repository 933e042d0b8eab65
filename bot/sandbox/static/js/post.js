// One post as Mattermost shows it. Nothing here asks the sandbox.

import { picture } from "./bubble.js";
import { avatar, el } from "./dom.js";
import { t, timeOf } from "./texts.js";

/** Builds a post. The actions are press(message, button, node) and zoom(src, alt). */
export function post(message, actions) {
  const face = message.bot
    ? el("span", { class: "avatar bot", "aria-hidden": "true" }, el("img", { src: "/static/icon.svg", alt: "" }))
    : avatar(message.author);
  const head = el("p", { class: "author" }, el("b", {}, message.author),
    message.bot ? el("span", { class: "bot-tag" }, "BOT") : null,
    el("span", { class: "stamp" }, timeOf(message.sent)),
    message.whisper ? el("span", { class: "soft" }, t("mattermost.whisper")) : null);
  const body = el("div", { class: "bubble" }, head, words(message));
  for (const photo of message.photos ?? []) body.append(picture(photo.path, photo, actions));
  if (message.buttons) body.append(keys(message, actions));
  return el("li", { class: `message post ${message.bot ? "theirs" : "mine"}`, "data-message": message.id }, face, body);
}

/** The text; its HTML was made of Markdown, without any HTML of the sender's. */
function words(message) {
  const node = el("div", { class: "words" });
  node.innerHTML = message.html;
  for (const link of node.querySelectorAll("a[href]")) {
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
  if (message.changed) (node.lastElementChild ?? node).append(el("span", { class: "soft" }, ` (${t("chat.edited")})`));
  return node;
}

function keys(message, actions) {
  return el("div", { class: "keys" }, ...message.buttons.flat().map((button) =>
    el("button", { type: "button", class: `key ${button.style}`, onclick: (event) => actions.press(message, button, event.currentTarget) }, button.text)));
}
