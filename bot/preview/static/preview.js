"use strict";
// Choosing is asking; the button is for those without scripts.
document.querySelector("form").addEventListener("change", (e) => e.currentTarget.submit());
const events = new EventSource("/events");
// A sentence that was tried is tried again on what is new.
events.addEventListener("reload", () => {
  const tried = document.querySelector(".try form");
  if (tried.elements.sentence.value) tried.requestSubmit();
  else location.replace(location.pathname + location.search);
});
