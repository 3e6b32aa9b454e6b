// data-clock="ISO start": the time since, as mm:ss. data-wall="Europe/Berlin": the time of day there.
const two = (number) => String(number).padStart(2, "0");

function since(start, now) {
  const seconds = Math.max(0, Math.floor((now - start) / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${hours ? `${hours}:` : ""}${two(minutes)}:${two(seconds % 60)}`;
}

function wall(zone, now) {
  return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone }).format(now);
}

function show(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

function tick() {
  const now = new Date();
  document.querySelectorAll("[data-clock]").forEach((element) => {
    const start = new Date(element.dataset.clock);
    if (!Number.isNaN(start.getTime())) show(element, since(start, now));
  });
  document.querySelectorAll("[data-wall]").forEach((element) => {
    if (element.dataset.wall) show(element, wall(element.dataset.wall, now));
  });
}

tick();
setInterval(tick, 1000);
