// Small helpers for building and finding elements.

/** The element with the id. */
export const byId = (id) => document.getElementById(id);

/**
 * Makes an element. Attributes that begin with "on" are listeners, true sets
 * an attribute without value, false, null and undefined leave it out.
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** The first letters of the first two words of a name. */
export function initials(name) {
  return name.split(/\s+/).filter((word) => /^\p{L}/u.test(word)).slice(0, 2).map((word) => word[0].toUpperCase()).join("");
}

/** A colour that always is the same for the same name: 0 to 6. */
export function hue(name) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  return sum % 7;
}

/** The round picture of somebody. */
export function avatar(name) {
  return el("span", { class: "avatar", "data-hue": hue(name), "aria-hidden": "true" }, initials(name) || "?");
}
