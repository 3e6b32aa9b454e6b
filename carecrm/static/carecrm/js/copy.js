// data-copy="text" copies it; data-copy-from="#id" copies what that field or element holds now.
import { say } from "./toast.js";

function wordsOf(button) {
  if (button.dataset.copy) return button.dataset.copy;
  const source = document.querySelector(button.dataset.copyFrom);
  return source?.value ?? source?.innerText ?? "";
}

/** The way that also works where the page is not on a secure address. */
function copyBySelection(words) {
  const field = document.createElement("textarea");
  field.value = words;
  field.className = "sr";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}

async function copy(words) {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return copyBySelection(words);
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-copy-from]");
  if (!button) return;
  const done = await copy(wordsOf(button));
  say(done ? "Copied." : "The browser did not let us copy. Select the text and copy it yourself.");
});
