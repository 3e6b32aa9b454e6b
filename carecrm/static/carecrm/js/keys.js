// Keys press what is on the page: data-key="1", "g t" (one after the other), "ctrl+enter" (works while typing).
import { openDialog } from "./dialog.js";

const SEQUENCE_MS = 1200;
const TYPING = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";
let first = "";
let forget = 0;

const singleKeysOff = () => document.documentElement.dataset.singleKeys === "off";

/** The key's name as data-key writes it: "a", "?", "enter", "ctrl+enter". */
const nameOf = (event) => (event.ctrlKey || event.metaKey ? "ctrl+" : "") + event.key.toLowerCase();

/** What can be pressed now: inside an open dialog only its own; else the page and the places. */
function reachable() {
  const open = document.querySelector("dialog:modal");
  const scope = open ?? document;
  return [...scope.querySelectorAll("[data-key]")].filter(
    (element) => !element.disabled && (element.checkVisibility() || isAlwaysThere(element)),
  );
}

/** Places and the account menu answer to keys even where the window hides them. */
const isAlwaysThere = (element) => Boolean(element.closest(".nav, .menu, .top, .palette"));

function press(element) {
  const dialog = element.closest("dialog:not([open])");
  if (dialog) {
    openDialog(dialog);
  } else if (element.matches("input:not([type=radio], [type=checkbox]), textarea, select")) {
    element.focus();
  } else if (element.matches("form")) {
    element.requestSubmit();
  } else {
    element.click();
  }
}

function find(name) {
  const all = reachable();
  return (
    all.find((element) => element.dataset.key === name && element.checkVisibility()) ??
    all.find((element) => element.dataset.key === name)
  );
}

/** Ctrl Enter sends the form that the focus is in, and never another: its own button for it, or the only one it has. */
function sender(form) {
  const all = [...form.elements].filter((one) => one.type === "submit" && !one.disabled && one.checkVisibility());
  return all.find((button) => button.dataset.key === "ctrl+enter") ?? (all.length === 1 ? all[0] : undefined);
}

function remember(name) {
  first = name;
  clearTimeout(forget);
  forget = setTimeout(() => (first = ""), SEQUENCE_MS);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.altKey || event.repeat) return;
  const name = nameOf(event);
  const combined = name.startsWith("ctrl+");
  if (!combined && (singleKeysOff() || event.target.matches(TYPING))) return;
  if (name === "enter" && event.target.closest("a, button, summary, label, [role=button]")) return;
  const form = name === "ctrl+enter" && (event.target.form ?? event.target.closest("form"));
  const element = form ? sender(form) : (first && find(`${first} ${name}`)) || find(name);
  if (element) {
    event.preventDefault();
    first = "";
    press(element);
  } else if (!combined && reachable().some((other) => other.dataset.key.startsWith(`${name} `))) {
    remember(name);
  }
});

/** A key's own words: its label, or its button's text as it shows, without the key. */
function labelOf(element) {
  if (element.dataset.keyLabel) return element.dataset.keyLabel;
  if (element.ariaLabel) return element.ariaLabel;
  const copy = element.cloneNode(true);
  if (element.checkVisibility()) {
    const parts = [...copy.querySelectorAll("*")];
    [...element.querySelectorAll("*")].forEach((part, place) => part.checkVisibility() || parts[place].remove());
  }
  copy.querySelectorAll("kbd, .count, small, svg").forEach((part) => part.remove());
  return copy.textContent.trim() || element.title;
}

const capOf = (key) => (key.length === 1 ? key.toUpperCase() : key[0].toUpperCase() + key.slice(1));

function line(element) {
  const term = document.createElement("dt");
  term.textContent = labelOf(element);
  const keys = document.createElement("dd");
  for (const key of element.dataset.key.split(/[ +]/)) {
    const cap = document.createElement("kbd");
    cap.textContent = capOf(key);
    keys.append(cap);
  }
  return [term, keys];
}

function section(title, elements) {
  const part = document.createElement("section");
  part.dataset.built = "";
  const head = document.createElement("h3");
  head.textContent = title;
  const list = document.createElement("dl");
  list.append(...elements.flatMap(line));
  part.append(head, list);
  return part;
}

/** The key sheet lists what this page answers to, grouped by data-key-group. */
document.addEventListener("dialog:open", (event) => {
  const sheet = event.target.querySelector("[data-keysheet]");
  if (!sheet) return;
  sheet.querySelectorAll("[data-built]").forEach((part) => part.remove());
  const seen = new Set();
  const groups = new Map([["On this page", []], ["Go to", []]]);
  for (const element of document.querySelectorAll("[data-key]")) {
    if (seen.has(element.dataset.key) || !(element.checkVisibility() || isAlwaysThere(element))) continue;
    seen.add(element.dataset.key);
    const title = element.dataset.keyGroup ?? "On this page";
    groups.set(title, [...(groups.get(title) ?? []), element]);
  }
  const built = [...groups].filter(([, elements]) => elements.length).map(([title, elements]) => section(title, elements));
  sheet.prepend(...built);
  for (const [name, kind] of [["List", "[data-rows]"], ["Boxes", "[data-rows] input[type=checkbox]"], ["Words", "[data-box]"]]) {
    const part = sheet.querySelector(`[data-key-section=${name}]`);
    if (part) part.hidden = !document.querySelector(`main ${kind}`);
  }
});
