// A text box with data-check="url" has its words read when its writer pauses. What was found stands under it, numbered,
// and behind its words as dotted lines with the same numbers (a mirror of the text). Nothing here stops a save.
const WAIT_MS = 600;
const LONGEST = 20000; // code points that are read of a draft
const MOST = 50; // of each kind that a form sends along
const TYPE = ["fontFamily", "fontSize", "fontWeight", "fontStyle", "lineHeight", "letterSpacing", "wordSpacing"];
const SPACE = ["paddingTop", "paddingRight", "paddingBottom", "paddingLeft", "textIndent", "textAlign", "direction", "tabSize"];
const states = new WeakMap();

const fieldOf = (box) => box.querySelector("textarea[data-check]");
const rowsOf = (box) => [...box.querySelectorAll("[data-finding]")];
const firstIn = (row) => [...(row?.querySelectorAll("button, summary") ?? [])].find((element) => element.checkVisibility());
const ruleOf = (token) => token.split(" ")[0];

function stateOf(box) {
  if (!states.has(box)) {
    const fresh = { findings: [], text: null, used: new Set(), seen: new Map(), timer: 0, asking: null };
    states.set(box, fresh);
    watch(box);
  }
  return states.get(box);
}

/** The place of each code point in a text that counts in UTF-16, and of its end. */
function places(text) {
  const found = [0];
  for (const character of text) found.push(found.at(-1) + character.length);
  return found;
}

// The mirror

function watch(box) {
  const field = fieldOf(box);
  new ResizeObserver(() => align(box)).observe(field);
  field.addEventListener("scroll", () => scroll(box), { passive: true });
}

/** The mirror breaks its lines where the text area does: the same type, the same room, less its scroll bar. */
function align(box) {
  const field = fieldOf(box);
  const marks = box.querySelector("[data-marks]");
  const style = getComputedStyle(field);
  for (const name of [...TYPE, ...SPACE]) marks.style[name] = style[name];
  const borders = Number.parseFloat(style.borderLeftWidth) + Number.parseFloat(style.borderRightWidth);
  const bar = Math.max(0, field.offsetWidth - field.clientWidth - Math.round(borders));
  marks.style.width = `calc(100% - ${bar}px)`;
  marks.style.height = `${field.offsetHeight}px`;
  scroll(box);
}

function scroll(box) {
  box.querySelector("[data-marks]").scrollTop = fieldOf(box).scrollTop;
}

function draw(box) {
  const text = fieldOf(box).value;
  const marks = box.querySelector("[data-marks]");
  const parts = [];
  let at = 0;
  for (const finding of stateOf(box).findings) {
    const start = Math.max(finding.start, at);
    if (start >= finding.end) continue;
    const mark = document.createElement("mark");
    mark.dataset.n = finding.number;
    mark.className = `mark-${finding.severity}`;
    mark.classList.toggle("is-kept", finding.row.classList.contains("is-kept"));
    mark.classList.toggle("is-here", finding.row.contains(document.activeElement));
    mark.textContent = text.slice(start, finding.end);
    parts.push(text.slice(at, start), mark);
    at = finding.end;
  }
  marks.replaceChildren(...parts, `${text.slice(at)}\u200b`);
  align(box);
}

/** What was found in the text before an edit, where it stands after it; what the edit touched waits for the next reading. */
function follow(state, text) {
  const old = state.text ?? "";
  const shorter = Math.min(old.length, text.length);
  let head = 0;
  while (head < shorter && old[head] === text[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && old.at(-1 - tail) === text.at(-1 - tail)) tail += 1;
  const more = text.length - old.length;
  state.text = text;
  state.findings = state.findings.flatMap((finding) => {
    if (finding.end <= head) return [finding];
    if (finding.start < old.length - tail) return [];
    return [{ ...finding, start: finding.start + more, end: finding.end + more }];
  });
}

// The reading

function readRows(box) {
  const state = stateOf(box);
  const text = fieldOf(box).value;
  const at = places(text);
  state.text = text;
  state.findings = rowsOf(box).map((row) => ({
    row,
    start: at[Number(row.dataset.start)] ?? text.length,
    end: at[Number(row.dataset.end)] ?? text.length,
    token: row.dataset.token,
    number: row.querySelector(".no").lastChild.textContent.trim(),
    severity: [...row.classList].find((name) => name.startsWith("finding-"))?.slice(8) ?? "advise",
  }));
  for (const { token } of state.findings) state.seen.set(ruleOf(token), token);
  for (const { row, token } of state.findings) rememberedIn(box, row, token);
  tell(box);
  draw(box);
}

// Reasons outlive the page, not the tab nor the sending: a draft that saves itself has no place for them before

const SHELVES = "kept ";
const shelf = (box) => `${SHELVES}${location.pathname} ${fieldOf(box).name}`;
const remembered = (box) => JSON.parse(sessionStorage.getItem(shelf(box)) ?? "{}");

function remember(box, token, reason) {
  const { [token]: _, ...others } = remembered(box);
  sessionStorage.setItem(shelf(box), JSON.stringify(reason ? { ...others, [token]: reason } : others));
}

/** What was sent is remembered by the page that answers; whoever signs out leaves nothing in the tab. */
function forget(form) {
  const isEnd = form.matches("[data-sign-out]");
  const sent = new Set([...form.querySelectorAll("[data-box]")].map(shelf));
  const kept = Object.keys(sessionStorage).filter((key) => key.startsWith(SHELVES));
  for (const key of kept) if (isEnd || sent.has(key)) sessionStorage.removeItem(key);
}

function rememberedIn(box, row, token) {
  const reason = remembered(box)[token];
  if (!reason || row.querySelector("[data-keep] input:checked")) return;
  const input = [...row.querySelectorAll("[data-keep] input")].find((one) => one.value.startsWith(`${reason} `));
  if (!input) return;
  input.checked = true;
  keep(box, input);
}

/** Politely, and only what is new. */
function tell(box) {
  const told = box.querySelector("[data-told]");
  const words = box.querySelector("[data-count]")?.textContent ?? (told.textContent ? "Nothing to look at" : "");
  if (words !== told.textContent) told.textContent = words;
}

function question(box) {
  const field = fieldOf(box);
  const asked = new URLSearchParams({
    text: [...field.value].slice(0, LONGEST).join(""),
    channel: field.dataset.channel,
    play: field.dataset.play,
    name: field.name,
  });
  for (const chosen of box.querySelectorAll("[data-keep] input:checked")) asked.append(chosen.name, chosen.value);
  return asked;
}

async function check(box) {
  const field = fieldOf(box);
  const state = stateOf(box);
  state.asking?.abort();
  state.asking = new AbortController();
  const text = field.value;
  try {
    const answer = await fetch(field.dataset.check, {
      method: "POST",
      body: question(box),
      headers: { "X-CSRFToken": field.form?.elements.csrfmiddlewaretoken?.value ?? "" },
      redirect: "manual",
      signal: state.asking.signal,
    });
    if (!answer.ok) return;
    const html = await answer.text();
    if (field.value === text) show(box, html);
  } catch {
    // offline, or a newer question: what is written stays, and the next pause asks again
  }
}

const tokenAt = (element) => element?.closest("[data-finding]")?.dataset.token;

/** What Tab would reach after this box and all that stands in it. */
const nextAfter = (box) =>
  [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")].find(
    (element) =>
      box.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING &&
      !box.contains(element) &&
      !element.disabled &&
      element.checkVisibility(),
  );

/**
 * The new list stands as the old one stood: folded or open, its reasons too, and with the same finding in focus.
 * Whoever was in a list that is gone goes on in the page's order, never back into the text: the next key may be an outcome.
 */
function show(box, html) {
  const found = box.querySelector("[data-found]");
  const fold = found.querySelector("[data-fold]");
  const isOpen = fold ? fold.open : !("folded" in found.dataset);
  const focus = found.contains(document.activeElement) ? document.activeElement : null;
  const [here, choosing] = [tokenAt(focus), tokenAt(found.querySelector("[data-keep][open]"))];
  const isKeeping = Boolean(focus?.closest("[data-keep]"));
  const isAtCount = Boolean(focus?.matches("[data-fold] > summary"));
  found.innerHTML = html;
  found.querySelector("[data-fold]")?.toggleAttribute("open", isOpen);
  const rowOf = (token) => rowsOf(box).find((row) => row.dataset.token === token);
  if (choosing) rowOf(choosing)?.querySelector("[data-keep]").toggleAttribute("open", true);
  readRows(box);
  if (!focus) return;
  const row = rowOf(here) ?? rowsOf(box)[0];
  const count = isAtCount && found.querySelector("[data-fold] > summary");
  const there = isKeeping ? row?.querySelector("[data-keep] summary") : firstIn(row);
  (count || there || nextAfter(box))?.focus();
}

function later(box, wait = WAIT_MS) {
  const state = stateOf(box);
  clearTimeout(state.timer);
  state.timer = setTimeout(() => check(box), wait);
}

// What the writer does about it

/** Puts the sentence where the words stand, in one step of the browser's own undo. */
function use(box, row, sentence) {
  const field = fieldOf(box);
  const state = stateOf(box);
  const finding = state.findings.find((one) => one.row === row);
  if (!finding) return check(box);
  const { start, end, token } = finding;
  field.focus();
  field.setSelectionRange(start, end);
  if (!document.execCommand("insertText", false, sentence)) {
    field.setRangeText(sentence, start, end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  state.used.add(token);
  const gap = sentence.indexOf("…");
  if (gap >= 0) field.setSelectionRange(start + gap, start + gap + 1);
  row.remove();
  if (!rowsOf(box).length) box.querySelector("[data-fold]").remove();
  return later(box, 0);
}

function keep(box, input) {
  const details = input.closest("[data-keep]");
  const [code] = input.value.split(" "); // empty: taken back
  const reason = code && `Kept: ${input.parentElement.textContent.trim()}`;
  details.querySelector("[data-kept]").textContent = reason || "Keep mine";
  details.closest("[data-finding]").classList.toggle("is-kept", Boolean(reason));
  remember(box, details.closest("[data-finding]").dataset.token, code);
  const line = box.querySelector("[data-count]");
  const left = rowsOf(box).filter((row) => !row.classList.contains("is-kept")).length;
  line.textContent = left ? `${left} thing${left === 1 ? "" : "s"} to look at` : "Kept as you wrote it";
  tell(box);
  draw(box);
}

function fold(details) {
  details.open = false;
  details.querySelector("summary").focus();
}

const boxOf = (element) => element?.closest?.("[data-box]");
const boxNow = () =>
  boxOf(document.activeElement) ??
  [...document.querySelectorAll("[data-box]:has([data-finding])")].find((box) => box.checkVisibility());

/** To the next finding of this box, or the one before; from the text to the first, or the last. */
function step(by) {
  const box = boxNow();
  const rows = box ? rowsOf(box) : [];
  if (!rows.length) return false;
  box.querySelector("[data-fold]").open = true;
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const next = here < 0 ? (by > 0 ? 0 : rows.length - 1) : (here + by + rows.length) % rows.length;
  firstIn(rows[next])?.focus();
  rows[next].scrollIntoView({ block: "nearest" });
  return true;
}

document.addEventListener("input", (event) => {
  const box = boxOf(event.target);
  if (!box || !event.target.matches("[data-check]")) return;
  follow(stateOf(box), event.target.value);
  draw(box);
  later(box);
});
document.addEventListener("click", (event) => {
  const box = boxOf(event.target);
  const button = event.target.closest("[data-use]");
  if (box && button) use(box, button.closest("[data-finding]"), button.dataset.use);
  // a press chooses and folds; the arrows choose and stay
  else if (box && event.detail && event.target.matches("[data-keep] input")) fold(event.target.closest("details"));
});
document.addEventListener("change", (event) => {
  const box = boxOf(event.target);
  if (box && event.target.matches("[data-keep] input")) keep(box, event.target);
});
document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
  if ((event.code === "KeyJ" && step(1)) || (event.code === "KeyK" && step(-1))) event.preventDefault();
});
for (const name of ["focusin", "focusout"]) {
  document.addEventListener(name, (event) => {
    const box = boxOf(event.target);
    if (!box) return;
    if (name === "focusin" && stateOf(box).text === null) begin(box);
    const finding = stateOf(box).findings.find((one) => one.row.contains(event.target));
    if (finding) box.querySelector(`mark[data-n="${finding.number}"]`)?.classList.toggle("is-here", name === "focusin");
  });
}

document.addEventListener("submit", (event) => forget(event.target));

/** What was used, and what went by hand, goes along with what is saved. */
document.addEventListener("formdata", (event) => {
  for (const box of event.target.querySelectorAll("[data-box]")) {
    const state = stateOf(box);
    const name = `${fieldOf(box).name}_judged`;
    [...state.used].slice(-MOST).forEach((token) => event.formData.append(name, `used ${token}`));
    [...state.seen.values()].slice(-MOST).forEach((token) => event.formData.append(name, `changed ${token}`));
  }
});

/** A box that was read with the page is marked; one that was not, or that the browser filled, is read now. */
function begin(box) {
  const field = fieldOf(box);
  const isFilled = field.value !== field.defaultValue;
  if (isFilled) box.querySelector("[data-found]").replaceChildren();
  readRows(box);
  if (isFilled || (!("read" in field.dataset) && field.value.trim())) check(box);
}

const beginIn = (scope) =>
  scope.querySelectorAll("[data-box]").forEach((box) => box.checkVisibility() && stateOf(box).text === null && begin(box));
document.addEventListener("dialog:open", (event) => beginIn(event.target));
beginIn(document);
