// The page: one employee's chat, inbox and WhatsApp, kept up to date by one
// stream of events.

import { Chat } from "./chat.js";
import { Composer } from "./composer.js";
import { byId } from "./dom.js";
import { Mail } from "./mail.js";
import { Stream, post } from "./net.js";
import { ask, banner, hideBanner } from "./notice.js";
import { Outside } from "./outside.js";
import { People } from "./people.js";
import { Tabs } from "./tabs.js";
import { t } from "./texts.js";
import { WhatsApp } from "./whatsapp.js";

let person = null;
let shown = ""; // whose chat is on the page: another one is drawn anew

const send = (text) => post(`/people/${person.key}/type`, { text });
const press = (message, data) => post(`/people/${person.key}/press`, { message, data });

const tabs = new Tabs();
const chat = new Chat({ send, press });
const composer = new Composer(send);
const mail = new Mail((unread) => tabs.count("mail", unread));
const whatsapp = new WhatsApp((unread) => tabs.count("whatsapp", unread));
const outside = new Outside();
const people = new People({
  onChoose: choose,
  onType: (nip) => { tabs.show("chat"); composer.write(nip); },
  onWho: () => tabs.show("people"),
});
const stream = new Stream(receive, (live) => {
  byId("link").textContent = t(live ? "live" : "lost");
  byId("link").classList.toggle("lost", !live);
});

tabs.onShow = (name) => {
  hideBanner();
  if (name === "whatsapp") whatsapp.read();
  if (name === "chat") chat.toEnd();
};

const receivers = {
  snapshot(event) {
    const anew = shown !== event.chat.account;
    shown = event.chat.account;
    chat.reset(event.chat, anew);
    composer.commands(event.chat.commands);
    inbox(event, anew);
    outside.show(event.outside);
  },
  inbox: (event) => inbox(event, false),
  message: (event) => chat.put(event.message),
  deleted: (event) => chat.remove(event.id),
  answer: (event) => chat.answer(event.answer),
  typing: () => chat.typing(true),
  commands: (event) => composer.commands(event.commands),
  outside: (event) => outside.show(event.outside),
};

/** Shows what can be read outside the chat, and announces what is new. */
function inbox({ mails, whatsapps }, anew) {
  const letter = mail.show(person, mails, anew);
  if (letter && !tabs.sees("mail")) {
    banner(`${t("mail.new")} · ${letter.from}`, letter.subject, () => { tabs.show("mail"); mail.open(letter.id); });
  }
  const note = whatsapp.show(person, whatsapps, anew);
  if (tabs.sees("whatsapp")) whatsapp.read();
  else if (note) banner(t("whatsapp.new"), note.text, () => tabs.show("whatsapp"));
}

function receive(event) {
  receivers[event.kind]?.(event);
}

function choose(one) {
  tabs.show("chat");
  if (person?.key === one.key) return;
  person = one;
  people.show(one);
  stream.open(one.key);
}

byId("restart").addEventListener("click", async () => {
  if (await ask(t("chat.restart.ask"), t("chat.restart.yes"), t("chat.cancel"))) await post(`/people/${person.key}/restart`);
});

choose(people.first());
