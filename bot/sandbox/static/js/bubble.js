// One message as Telegram shows it. Nothing here asks the sandbox.

import { el } from "./dom.js";
import { t, timeOf } from "./texts.js";

/**
 * Builds a message. The actions are what can be done with it: command(word),
 * deepLink(word), press(message, button, node), copy(text), zoom(src, alt).
 */
export function bubble(message, actions) {
  const classes = ["message", message.bot ? "theirs" : "mine", message.kind];
  const edited = message.bot && Boolean(message.edited);
  if (edited) classes.push("edited");
  if (message.buttons?.length || message.keys?.length) classes.push("wide");
  const body = el("div", { class: "bubble" });
  if (message.photo) body.append(picture(`/pictures/${message.photo.fileId}`, message.photo, actions));
  if (message.html) body.append(words(message.html, actions));
  else if (!message.photo) body.append(el("div", { class: "words soft" }, `[${message.kind}]`));
  body.append(el("span", { class: "stamp" }, `${edited ? `${t("chat.edited")} ` : ""}${timeOf(message.sent)}`));
  const node = el("li", { class: classes.join(" "), "data-message": message.id }, body);
  if (message.buttons?.length) node.append(keyboard(message.buttons, message, actions));
  // Where people type, on a phone; here it stands under the message that brought it.
  if (message.keys?.length) node.append(keyboard(message.keys.map((row) => row.map(({ text }) => ({ text, data: text }))), message, actions));
  return node;
}

/** A picture that can be enlarged. */
export function picture(src, photo, actions) {
  const image = el("img", { src, alt: t("chat.picture"), width: photo.width, height: photo.height });
  image.style.aspectRatio = `${photo.width} / ${photo.height}`;
  return el("button", { type: "button", class: "picture", "aria-label": t("chat.zoom"), onclick: () => actions.zoom(src, t("chat.picture")) }, image);
}

/** The text; its HTML was made and escaped by the pretend Telegram. */
function words(html, actions) {
  const node = el("div", { class: "words" });
  node.innerHTML = html;
  for (const block of node.querySelectorAll("blockquote, pre")) standAlone(block);
  for (const link of node.querySelectorAll("a.command")) {
    link.setAttribute("role", "button");
    link.tabIndex = 0;
    onPress(link, () => actions.command(link.dataset.command));
  }
  for (const link of node.querySelectorAll("a[href]")) {
    const word = deepLink(link.href);
    if (word === null) continue;
    link.addEventListener("click", (event) => { event.preventDefault(); actions.deepLink(word); });
  }
  for (const code of node.querySelectorAll("code")) {
    code.addEventListener("click", () => actions.copy(code.textContent));
  }
  return node;
}

/** A block begins and ends a line by itself: the line breaks there are spent. */
function standAlone(block) {
  const { previousSibling: before, nextSibling: after } = block;
  if (before?.nodeType === Node.TEXT_NODE) before.data = before.data.replace(/\n$/, "");
  if (after?.nodeType === Node.TEXT_NODE) after.data = after.data.replace(/^\n/, "");
}

function onPress(node, act) {
  node.addEventListener("click", act);
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    act();
  });
}

/** The start word of a link to a bot ("" when it has none), or null. */
function deepLink(href) {
  const url = URL.parse(href);
  return url?.hostname === "t.me" ? url.searchParams.get("start") ?? "" : null;
}

function keyboard(rows, message, actions) {
  return el("div", { class: "keys" }, ...rows.map((row) =>
    el("div", { class: "row" }, ...row.map((button) => key(message, button, actions)))));
}

function key(message, button, actions) {
  const classes = `key ${button.style ?? ""}`;
  if (button.copy) {
    return el("button", { class: classes, type: "button", onclick: () => navigator.clipboard?.writeText(button.copy) }, button.text);
  }
  if (!button.url) {
    return el("button", { type: "button", class: classes, onclick: (event) => actions.press(message, button, event.currentTarget) }, button.text);
  }
  const word = deepLink(button.url);
  if (word !== null) return el("button", { type: "button", class: classes, onclick: () => actions.deepLink(word) }, button.text);
  return el("a", { class: `${classes} outward`, href: button.url, target: "_blank", rel: "noopener noreferrer", title: t("chat.opens") }, button.text);
}
