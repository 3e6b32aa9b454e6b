// data-dialog="#id" opens that <dialog>; data-close closes the one around it. A press beside it closes it too.
export function openDialog(dialog) {
  if (!dialog.open) dialog.showModal();
  dialog.dispatchEvent(new CustomEvent("dialog:open", { bubbles: true }));
  const mistake = dialog.querySelector("[aria-invalid=true]");
  (mistake ?? dialog.querySelector("[autofocus], input:not([type=hidden]), textarea, select"))?.focus();
}

/** What the server sent open (a form with a mistake in it, or asked for by its address) is a question in the way too. */
function lift(dialog) {
  dialog.close();
  openDialog(dialog);
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    const dialog = document.querySelector(opener.dataset.dialog);
    if (!dialog) return;
    event.preventDefault();
    opener.closest("details[data-menu]")?.removeAttribute("open");
    openDialog(dialog);
  } else if (event.target.closest("[data-close]")) {
    event.target.closest("dialog")?.close();
  } else if (event.target.matches("dialog:modal") && isBeside(event)) {
    event.target.close();
  }
});

function isBeside(event) {
  const box = event.target.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

/** Menus (details) close when one presses elsewhere or Escape. */
const menus = () => document.querySelectorAll("details[data-menu][open], .tabbar details[open]");
document.addEventListener("click", (event) => {
  menus().forEach((menu) => menu.contains(event.target) || menu.removeAttribute("open"));
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  menus().forEach((menu) => {
    menu.removeAttribute("open");
    menu.querySelector("summary").focus();
  });
});

document.querySelectorAll("dialog.dialog[open]").forEach(lift);
