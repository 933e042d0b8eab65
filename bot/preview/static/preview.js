"use strict";
// Choosing is asking; the button is for those without scripts.
document.querySelector("form").addEventListener("change", (e) => e.currentTarget.submit());
const events = new EventSource("/events");
events.addEventListener("reload", () => location.reload());
