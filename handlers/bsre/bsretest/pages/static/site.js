"use strict";

// The page works without this; it only shows the strength while one types.
const passphrase = document.getElementById("passphrase");
const confirmation = document.getElementById("confirmation");
const meter = document.getElementById("meter");
const score = document.getElementById("score");
const word = document.getElementById("word");
const same = document.getElementById("same");

let asked = 0;
let timer = 0;

async function measure() {
  const mine = ++asked;
  if (passphrase.value === "") {
    meter.dataset.score = "";
    score.textContent = "–";
    word.textContent = "";
    return;
  }
  const answer = await fetch("/strength", {
    method: "POST",
    body: new URLSearchParams({ passphrase: passphrase.value }),
  });
  if (!answer.ok || mine !== asked) return;
  const told = await answer.json();
  meter.dataset.score = told.score;
  score.textContent = told.score + " dari 4";
  word.textContent = "(" + told.word + ")";
}

function compare() {
  const differs = confirmation.value !== "" && confirmation.value !== passphrase.value;
  const equals = confirmation.value !== "" && !differs;
  same.textContent = differs ? "Belum sama dengan Passphrase." : equals ? "Sudah sama." : "";
  same.className = differs ? "same bad" : equals ? "same good" : "same";
}

passphrase.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(measure, 120);
  compare();
});
confirmation.addEventListener("input", compare);

for (const eye of document.querySelectorAll(".eye")) {
  eye.addEventListener("click", () => {
    const field = document.getElementById(eye.dataset.for);
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    eye.textContent = shown ? "Tutup" : "Lihat";
    eye.setAttribute("aria-pressed", String(shown));
  });
}
