// Short notices: a toast over the chat, a banner for what arrived elsewhere,
// a question, a picture in full size.

import { byId, el } from "./dom.js";
import { t } from "./texts.js";

let toastTimer = 0;
let bannerTimer = 0;

/** Shows words over the chat for a moment. */
export function toast(words) {
  const node = byId("toast");
  node.textContent = words;
  node.classList.add("on");
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => node.classList.remove("on"), 2600);
}

/** Shows a notice with buttons; gives true when the strong one was pressed. */
export function ask(words, strong, other) {
  const dialog = byId("ask");
  return new Promise((resolve) => {
    const close = (answer) => { dialog.close(); resolve(answer); };
    dialog.replaceChildren(
      el("p", {}, words),
      el("div", { class: "row" },
        other ? el("button", { type: "button", onclick: () => close(false) }, other) : null,
        el("button", { type: "button", class: "strong", onclick: () => close(true) }, strong)));
    dialog.oncancel = () => resolve(false);
    dialog.showModal();
  });
}

/** Tells at the top what arrived where the reader does not look just now. */
export function banner(title, words, onPress) {
  const node = byId("banner");
  node.replaceChildren(el("button", { type: "button", onclick: () => { hideBanner(); onPress(); } }, el("b", {}, title), el("span", {}, words)));
  node.hidden = false;
  clearTimeout(bannerTimer);
  bannerTimer = setTimeout(hideBanner, 5000);
}

/** Takes the banner away: the reader looks for themselves. */
export function hideBanner() {
  byId("banner").hidden = true;
}

/** Shows a picture as large as the window allows, until it is pressed. */
export function zoom(src, alt) {
  const dialog = byId("viewer");
  const close = el("button", { type: "button", "aria-label": t("chat.close"), onclick: () => dialog.close() }, el("img", { src, alt }));
  dialog.replaceChildren(close);
  dialog.showModal();
}
