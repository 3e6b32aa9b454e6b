// data-toast: stays data-seconds (while nobody points at it or is in it), then leaves. [data-left] shows what is left.
// [data-undo] in it leaves with the last second, pointed at or not: the server takes no later Undo.
const STEP_MS = 250;

function dwells(toast) {
  return toast.matches(":hover") || toast.contains(document.activeElement);
}

function watch(toast) {
  if (toast.dataset.watched) return;
  toast.dataset.watched = "";
  toast.querySelector("[data-close]")?.removeAttribute("hidden");
  let left = Number(toast.dataset.seconds ?? 0) * 1000;
  if (!left) return;
  const undo = toast.querySelector("[data-undo]");
  const counter = toast.querySelector("[data-left]");
  const undoUntil = Date.now() + left;
  const timer = setInterval(() => {
    if (!toast.isConnected) return clearInterval(timer);
    const undoLeft = undoUntil - Date.now();
    if (undoLeft <= 0) undo?.remove();
    else if (counter) counter.textContent = `, ${Math.ceil(undoLeft / 1000)} s`;
    if (dwells(toast)) return;
    left -= STEP_MS;
    if (left <= 0) toast.remove();
  }, STEP_MS);
}

const watchAll = () => document.querySelectorAll("[data-toast]").forEach(watch);

/** Say something from a script, as the server's messages do. */
export function say(words) {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.setAttribute("role", "status");
  toast.dataset.toast = "";
  toast.dataset.seconds = "4";
  toast.textContent = words;
  document.querySelector(".toasts")?.append(toast);
  watch(toast);
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]")) event.target.closest("[data-toast]")?.remove();
});
document.addEventListener("htmx:afterSwap", watchAll);
watchAll();
