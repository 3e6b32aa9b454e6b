// A list that j and k walk through: data-rows on the body of a table or a list. Enter opens the row's .row-link, x
// presses its box.
const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable]";
let moved = null;

const off = () => document.documentElement.dataset.singleKeys === "off";
const scope = () => document.querySelector("dialog:modal") ?? document;
const rowsOf = (list) => [...list.children].filter((row) => row.querySelector(".row-link") && row.checkVisibility());

function current(rows) {
  return rows.findIndex((row) => row.hasAttribute("aria-current"));
}

function walk(list, step) {
  const rows = rowsOf(list);
  if (!rows.length) return;
  const at = moved?.isConnected ? rows.indexOf(moved) : current(rows);
  const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
  rows.forEach((row) => row.removeAttribute("aria-current"));
  next.setAttribute("aria-current", "true");
  next.scrollIntoView({ block: "nearest" });
  moved = next;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const list = scope().querySelector("[data-rows]");
  if (!list) return;
  const arrows = list.closest("dialog") && { ArrowDown: 1, ArrowUp: -1 };
  const step = arrows?.[event.key] ?? (!off() && !event.target.matches(TYPING) && { j: 1, k: -1 }[event.key]);
  if (step) {
    event.preventDefault();
    walk(list, step);
  } else if (event.key === "x" && !off() && !event.target.matches(TYPING)) {
    list.querySelector(":scope > [aria-current] input[type=checkbox]")?.click();
  } else if (event.key === "Enter" && moved?.isConnected && list.contains(moved)) {
    if (event.target.closest("a, button, summary, textarea")) return;
    event.preventDefault();
    moved.querySelector(".row-link").click();
  }
});
