// The page's words in its language, and times as the employees write them.

const boot = JSON.parse(document.getElementById("boot").textContent);

export const people = boot.people;
export const language = boot.language;

const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Jakarta" });

/** The text of a key, with {placeholders} filled in. */
export function t(key, values = {}) {
  const text = boot.texts[key];
  if (text === undefined) throw new Error(`no text ${key}`);
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** The time of day of an RFC 3339 time, in western Indonesian time, as the bot tells it. */
export const timeOf = (at) => clock.format(new Date(at));
