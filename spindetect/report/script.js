/* Evidence made live: partners of sentences and words, a filter by relation, steps from change to change.
   A page of its own calls it on itself; the desk calls it on each view that it shows. */
window.spindetectEvidence = function (root) {
  "use strict";
  const section = root.querySelector(".evidence");
  if (!section) { return; }
  const stepper = section.querySelector(".stepper");
  const filter = section.querySelector(".filter");
  const partner = stepper.querySelector(".partner");
  const status = stepper.querySelector(".step");
  const marks = Array.from(section.querySelectorAll("mark[data-number]"));
  const steps = marks.filter((mark) => mark.closest("article").dataset.side === "s");
  const byNumber = new Map();
  marks.forEach((mark) => {
    if (!byNumber.has(mark.dataset.number)) { byNumber.set(mark.dataset.number, []); }
    byNumber.get(mark.dataset.number).push(mark);
  });
  // Changes that left nothing in the suspect are stepped through in the original, after the others.
  const onlyOriginal = marks.filter((mark) => byNumber.get(mark.dataset.number).every((m) => m.closest("article").dataset.side === "o"));
  const all = firstOfEach(steps.concat(onlyOriginal));
  let current = null;

  function firstOfEach(list) {
    const seen = new Set();
    return list.filter((mark) => !seen.has(mark.dataset.number) && seen.add(mark.dataset.number));
  }
  function open() { return all.filter((mark) => !mark.classList.contains("off")); }
  function own(sentence) {
    const copy = sentence.cloneNode(true);
    copy.querySelectorAll(".ref").forEach((link) => link.remove());
    return copy.textContent.trim();
  }
  function linked(sentence) {
    return sentence.dataset.links.split(" ").map((id) => id && document.getElementById(id)).filter(Boolean);
  }
  function light(sentence, on) {
    sentence.classList.toggle("lit", on);
    linked(sentence).forEach((other) => other.classList.toggle("lit", on));
  }
  function tell(sentence) {
    const others = linked(sentence);
    const side = sentence.closest("article").dataset.side === "s" ? "Original" : "Suspect";
    partner.textContent = others.length ? side + ": " + others.map(own).join(" ") : "This sentence has no partner.";
  }
  function say(text) { if (status.textContent !== text) { status.textContent = text; } }
  function count() {
    const left = open().length;
    say(left === 1 ? "1 change" : left + " changes" + (left < all.length ? " of " + all.length : ""));
  }
  function reach(mark) { marks.forEach((other) => { other.tabIndex = other === mark ? 0 : -1; }); }
  function pair(mark, name, on) {
    byNumber.get(mark.dataset.number).forEach((other) => other.classList.toggle(name, on));
  }
  function select(mark, focus) {
    if (current) { pair(current, "current", false); }
    current = mark;
    pair(mark, "current", true);
    reach(mark);
    const sentence = mark.closest("[data-links]");
    if (sentence) { tell(sentence); }
    const list = open();
    say("Change " + (list.indexOf(mark) + 1) + " of " + list.length + ": " + mark.textContent + " (" + mark.dataset.tip + ")");
    if (focus) { mark.focus({ preventScroll: true }); }
    mark.scrollIntoView({ block: "center" });
  }
  function step(by, focus) {
    const list = open();
    if (!list.length) { say("No change is shown: tick a relation above."); return; }
    const at = list.indexOf(current);
    select(list[at < 0 ? (by > 0 ? 0 : list.length - 1) : (at + by + list.length) % list.length], focus);
  }

  section.querySelectorAll("[data-links]").forEach((sentence) => {
    sentence.addEventListener("mouseenter", () => { light(sentence, true); tell(sentence); });
    sentence.addEventListener("mouseleave", () => light(sentence, false));
    sentence.addEventListener("focusin", () => { light(sentence, true); tell(sentence); });
    sentence.addEventListener("focusout", () => light(sentence, false));
    sentence.addEventListener("click", () => tell(sentence));
  });
  // A tip over the right half opens to the left, so that it stays inside the page.
  ["mouseover", "focusin"].forEach((kind) => section.addEventListener(kind, (event) => {
    const mark = event.target.closest("mark[data-tip]");
    if (!mark) { return; }
    const frame = mark.closest("article").getBoundingClientRect();
    mark.classList.toggle("from-right", mark.getBoundingClientRect().left > frame.left + frame.width / 2);
  }));
  marks.forEach((mark) => {
    mark.addEventListener("mouseenter", () => pair(mark, "partner", true));
    mark.addEventListener("mouseleave", () => pair(mark, "partner", false));
    mark.addEventListener("focus", () => pair(mark, "partner", true));
    mark.addEventListener("blur", () => pair(mark, "partner", false));
  });
  section.querySelectorAll("article").forEach((article) => article.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) { return; }
    if (event.key === "n" || event.key === "p") { event.preventDefault(); step(event.key === "n" ? 1 : -1, true); }
  }));
  stepper.querySelectorAll("[data-step]").forEach((button) => {
    button.addEventListener("click", () => step(Number(button.dataset.step), false));
  });
  if (filter) {
    filter.addEventListener("change", () => {
      const shown = new Set(Array.from(filter.querySelectorAll("input:checked"), (box) => box.value));
      marks.forEach((mark) => mark.classList.toggle("off", !shown.has(mark.dataset.relation)));
      root.querySelectorAll("tr[data-relation]").forEach((row) => { row.hidden = !shown.has(row.dataset.relation); });
      if (current && current.classList.contains("off")) { pair(current, "current", false); current = null; }
      reach(open()[0] || null);
      count();
    });
    filter.hidden = false;
  }
  // One stop for the tab key instead of hundreds; the other changes are n and p away.
  reach(all[0] || null);
  count();
  stepper.querySelector(".steps").hidden = !all.length;
  stepper.hidden = !section.querySelector("[data-links]");
};
if (document.currentScript && !document.currentScript.src) { window.spindetectEvidence(document.body); }
