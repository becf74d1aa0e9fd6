"use strict";
// Without this script everything is still there: tiles and names are links, and what they lead to is shown by `:target`.
const filter = document.getElementById("filter");
const shown = document.getElementById("shown");
const tiles = [...document.querySelectorAll("svg a.tile")];
const names = [...document.querySelectorAll(".packages li")];
let opener = null;

function fits(element, text) {
  return element.dataset.package.toLowerCase().includes(text);
}

function visible() {
  return tiles.filter((tile) => !tile.classList.contains("off"));
}

// Of many tiles one is a stop of the tab key; arrow keys lead on from there.
function stop(at) {
  tiles.forEach((tile) => tile.setAttribute("tabindex", tile === at ? "0" : "-1"));
}

function choose() {
  const text = filter.value.trim().toLowerCase();
  tiles.forEach((tile) => {
    const off = !fits(tile, text);
    tile.classList.toggle("off", off);
    tile.setAttribute("aria-hidden", String(off));
  });
  names.forEach((name) => { name.hidden = !fits(name, text); });
  const left = names.filter((name) => !name.hidden).length;
  shown.textContent = `${left} of ${names.length} packages`;
  stop(visible()[0]);
}

function open() {
  const told = document.querySelector("article:target");
  if (told) {
    told.querySelector("h2").focus({ preventScroll: true });
  }
}

filter.addEventListener("input", choose);
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#package-']");
  if (!link) {
    return;
  }
  // From one package to another: Escape leads back to where the first was chosen.
  if (!link.closest("article")) {
    opener = link;
  }
  if (link.getAttribute("href") === location.hash) {
    open();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    if (document.activeElement === filter) {
      filter.value = "";
      choose();
    } else if (document.querySelector("article:target")) {
      location.hash = "#none";
      (opener || filter).focus();
    }
    return;
  }
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity };
  const step = steps[event.key];
  const left = visible();
  const at = left.indexOf(document.activeElement);
  if (step === undefined || at < 0) {
    return;
  }
  event.preventDefault();
  const next = left[Math.min(Math.max(at + step, 0), left.length - 1)];
  stop(next);
  next.focus();
});
window.addEventListener("hashchange", open);
choose();
open();
