// A form with data-autosave="url" saves itself a second after the last change; [data-saved] in it says so.
const WAIT_MS = 1000;
const RETRY_MS = 5000;
const timers = new WeakMap();
const unsaved = new Set();

/** By the clock of the header: the zone of the person, which the machine need not be in. */
const timeNow = () => {
  const timeZone = document.querySelector(".top [data-wall]")?.dataset.wall || undefined;
  return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone }).format(new Date());
};

function tell(form, words) {
  const place = form.querySelector("[data-saved]");
  if (place) place.textContent = words;
}

async function save(form, leaving = false) {
  unsaved.delete(form);
  try {
    const answer = await fetch(form.dataset.autosave, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-Requested-With": "autosave" },
      keepalive: leaving,
      redirect: "manual",
    });
    if (answer.ok) return tell(form, `Saved ${timeNow()}`);
    if (answer.status === 409) return tell(form, "Not saved: somebody else changed this. Load the page again.");
    if (answer.type === "opaqueredirect" || answer.status === 403) {
      return tell(form, "Not saved: sign in again, in another tab, then go on here.");
    }
    throw new Error(String(answer.status));
  } catch {
    tell(form, "Not saved yet. Trying again.");
    later(form, RETRY_MS);
  }
}

function later(form, wait = WAIT_MS) {
  unsaved.add(form);
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => save(form), wait));
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-autosave]");
  if (!form) return;
  tell(form, "Saving");
  later(form);
});
document.addEventListener("submit", (event) => {
  clearTimeout(timers.get(event.target));
  unsaved.delete(event.target);
});
addEventListener("pagehide", () => unsaved.forEach((form) => save(form, true)));
