// The page: one employee's chat, inbox and WhatsApp, and the officers' place
// beside it, each kept up to date by a stream of events.

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
import { Portal } from "./portal.js";
import { Role } from "./role.js";
import { Tabs } from "./tabs.js";
import { t } from "./texts.js";
import { WhatsApp } from "./whatsapp.js";

let person = null;
let shown = ""; // whose chat is on the page: another one is drawn anew
let whose = ""; // whose letters are

const platform = new Platform(() => { role.forget(); join(); });
const role = new Role({ onChoose: () => join(), onThread: () => showRoom() });
const send = async (text) => {
  const answer = await act("type", role.officer ? { text, thread: role.thread } : { text });
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
const portal = new Portal();
const people = new People({
  onChoose: choose,
  onType: (nip) => { tabs.show("chat"); composer.write(nip); },
  onWho: () => tabs.show("people"),
});
const stream = new Stream(receive, state);
const room = new Stream(receive, state);

function state(live) {
  byId("link").textContent = t(live ? "live" : "lost");
  byId("link").classList.toggle("lost", !live);
}

tabs.onShow = (name) => {
  hideBanner();
  if (name === "whatsapp") whatsapp.read();
  if (name === "chat") chat.toEnd();
};

const receivers = {
  snapshot(event) {
    const anew = whose !== event.chat.account;
    whose = event.chat.account;
    if (!role.officer) {
      draw(event.chat);
      form.show(event.dialog);
      composer.commands(event.chat.commands);
    }
    inbox(event, anew);
    outside.show(event.outside);
  },
  inbox: (event) => inbox(event, false),
  outside: (event) => outside.show(event.outside),
  room(event) {
    const opened = role.take(event.chat);
    if (role.officer) showRoom(opened);
  },
  answer: (event) => chat.answer(event.answer),
};

/** What happens in the employee's chat, while that is on the page. */
const ofEmployee = {
  chat: (event) => chat.reset(event.chat, false),
  dialog: (event) => form.show(event.dialog),
  message: (event) => chat.put(event.message),
  deleted: (event) => chat.remove(event.id),
  typing: () => chat.typing(true),
  commands: (event) => composer.commands(event.commands),
};

/** Shows a conversation; another one than before is drawn anew. */
function draw(one) {
  const anew = shown !== one.account;
  shown = one.account;
  chat.reset(one, anew);
}

/** Shows the officers' place, as far as the chosen talk goes. */
function showRoom() {
  if (!role.room) return;
  draw(role.view);
}

/** Shows what can be read outside the chat, and announces what is new. */
function inbox({ mails, whatsapps, phone }, anew) {
  portal.show(person, phone);
  const letter = mail.show(person, mails, anew);
  if (letter && !tabs.sees("mail")) {
    banner(`${t("mail.new")} · ${letter.from}`, letter.subject, () => { tabs.show("mail"); mail.open(letter.id); });
  }
  const note = whatsapp.show(phone, whatsapps, anew);
  if (tabs.sees("whatsapp")) whatsapp.read();
  else if (note) banner(t("whatsapp.new"), note.text, () => tabs.show("whatsapp"));
}

function receive(event) {
  receivers[event.kind]?.(event);
  if (!role.officer) ofEmployee[event.kind]?.(event);
  else if (event.kind === "message" || event.kind === "chat") role.mark("employee", true);
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
  stream.open(`/people/${person.key}`, platform.name);
  room.open("/officer", platform.name);
  byId("hint").textContent = t(`chat.empty.${role.officer ? "officer." : ""}${platform.name}`);
  if (!role.officer) return;
  role.introduce();
  form.show(null);
  composer.commands([]);
  chat.typing(false);
  role.seen();
  showRoom();
}

/** Does something on the chosen platform; gives null when that failed. */
async function act(what, data) {
  const { key } = person;
  const { name } = platform;
  const side = role.name;
  const path = role.officer ? "/officer" : `/people/${key}`;
  byId("refusal").textContent = "";
  const answer = await post(`${path}${platform.path}/${what}`, data);
  if (answer?.error) byId("refusal").textContent = answer.error;
  if (answer && name === "mattermost" && name === platform.name && key === person.key && side === "employee" && !role.officer) form.show(answer.dialog);
  return answer;
}

byId("restart").addEventListener("click", async () => {
  if (await ask(t("chat.restart.ask"), t("chat.restart.yes"), t("chat.cancel"))) await act("restart", {});
});

choose(people.first());
