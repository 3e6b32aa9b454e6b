// data-words="#id" counts the words of that field while it is written.
function show(place, field) {
  const count = field.value.trim().split(/\s+/).filter(Boolean).length;
  place.textContent = `${count} word${count === 1 ? "" : "s"}`;
}

for (const place of document.querySelectorAll("[data-words]")) {
  const field = document.querySelector(place.dataset.words);
  field?.addEventListener("input", () => show(place, field));
}
