"use strict";
// The page works without this script: tiles and names are links, and `:target` shows the linked package.
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

// Only one tile is a tab stop; the arrow keys move between tiles.
function setTabStop(at) {
  tiles.forEach((tile) => tile.setAttribute("tabindex", tile === at ? "0" : "-1"));
}

function applyFilter() {
  const text = filter.value.trim().toLowerCase();
  tiles.forEach((tile) => {
    const off = !fits(tile, text);
    tile.classList.toggle("off", off);
    tile.setAttribute("aria-hidden", String(off));
  });
  names.forEach((name) => { name.hidden = !fits(name, text); });
  const left = names.filter((name) => !name.hidden).length;
  shown.textContent = `${left} of ${names.length} packages`;
  setTabStop(visible()[0]);
}

function focusDetails() {
  const details = document.querySelector("article:target");
  if (details) {
    details.querySelector("h2").focus({ preventScroll: true });
  }
}

filter.addEventListener("input", applyFilter);
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#package-']");
  if (!link) {
    return;
  }
  // A link within the details keeps the opener: Escape goes back to where the user selected the first package.
  if (!link.closest("article")) {
    opener = link;
  }
  if (link.getAttribute("href") === location.hash) {
    focusDetails();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    if (document.activeElement === filter) {
      filter.value = "";
      applyFilter();
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
  setTabStop(next);
  next.focus();
});
window.addEventListener("hashchange", focusDetails);
applyFilter();
focusDetails();
