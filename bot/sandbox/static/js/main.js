// The page: one employee's chat, inbox and WhatsApp, kept up to date by one
// stream of events.

import { Chat } from "./chat.js";
import { Composer } from "./composer.js";
import { byId } from "./dom.js";
import { Form } from "./form.js";
import { Mail } from "./mail.js";
import { Stream, post } from "./net.js";
import { ask, banner, hideBanner } from "./notice.js";
import { Outside } from "./outside.js";
import { People } from "./people.js";
import { Platform } from "./platform.js";
import { Tabs } from "./tabs.js";
import { t } from "./texts.js";
import { WhatsApp } from "./whatsapp.js";

let person = null;
let shown = ""; // whose chat is on the page: another one is drawn anew

const platform = new Platform(() => join());
const send = async (text) => {
  const answer = await act("type", { text });
  return answer && !answer.error; // what was refused stays in the field
};
const press = (message, data) => act("press", { message, data });
const form = new Form({ submit: (values) => act("dialog", { values }), cancel: () => act("dialog", { cancel: true }) });

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
    form.show(event.dialog);
    composer.commands(event.chat.commands);
    inbox(event, anew);
    outside.show(event.outside);
  },
  inbox: (event) => inbox(event, false),
  chat: (event) => chat.reset(event.chat, false),
  dialog: (event) => form.show(event.dialog),
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
  join();
}

/** Shows the chosen person's chat on the chosen platform. */
function join() {
  byId("refusal").textContent = "";
  people.show(person, platform.name);
  stream.open(person.key, platform.name);
}

/** Does something on the chosen platform; gives null when that failed. */
async function act(what, data) {
  const { key } = person;
  const { name } = platform;
  byId("refusal").textContent = "";
  const answer = await post(`/people/${key}${platform.path}/${what}`, data);
  if (answer?.error) byId("refusal").textContent = answer.error;
  if (answer && name === "mattermost" && name === platform.name && key === person.key) form.show(answer.dialog);
  return answer;
}

byId("restart").addEventListener("click", async () => {
  if (await ask(t("chat.restart.ask"), t("chat.restart.yes"), t("chat.cancel"))) await act("restart", {});
});

choose(people.first());
