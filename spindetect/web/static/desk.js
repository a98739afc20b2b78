/* The desk. Texts only ever enter the page as text, or inside a view that the server has escaped. */
const limits = { file: Number(document.body.dataset.fileBytes), text: Number(document.body.dataset.textCharacters) };
const tokenForm = document.getElementById("token");
const tabs = Array.from(document.querySelectorAll("[role=tab]"));
let examples = null;

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}
function plural(count, noun) { return count.toLocaleString("en") + " " + noun + (count === 1 ? "" : "s"); }

/* One article: a text or a file. */
class Source {
  constructor(root, changed) {
    this.root = root;
    this.name = root.dataset.name;
    this.area = root.querySelector("textarea");
    this.picker = root.querySelector("input[type=file]");
    this.chip = root.querySelector(".file");
    this.clearing = root.querySelector(".clear");
    this.changed = changed;
    this.file = null;
    this.area.addEventListener("input", () => this.show());
    this.picker.addEventListener("change", () => { if (this.picker.files.length) { this.take(this.picker.files[0]); } });
    root.querySelector(".remove").addEventListener("click", () => { this.clear(); this.area.focus(); });
    this.clearing.addEventListener("click", () => { this.clear(); this.area.focus(); });
    this.show();
  }
  get title() { return this.root.querySelector("label").textContent; }
  get filled() { return this.file !== null || this.area.value.trim() !== ""; }
  take(file) { this.file = file; this.show(); }
  write(text) { this.file = null; this.area.value = text; this.show(); }
  clear() { this.picker.value = ""; this.write(""); }
  show() {
    this.chip.hidden = this.file === null;
    this.area.hidden = this.file !== null;
    this.area.removeAttribute("aria-invalid");
    this.clearing.hidden = !this.filled;
    const count = this.root.querySelector(".count");
    if (this.file) {
      this.root.querySelector(".file-name").textContent = this.file.name;
      count.textContent = "file, " + Math.max(1, Math.round(this.file.size / 1000)).toLocaleString("en") + " kB";
    } else {
      const words = this.area.value.trim() ? this.area.value.trim().split(/\s+/).length : 0;
      count.textContent = words ? plural(words, "word") : "no text yet";
    }
    this.changed();
  }
  trouble() {
    if (!this.filled) { return this.title + ": paste a text, or choose a file."; }
    if (this.file && this.file.size > limits.file) {
      return this.title + " is a file of " + Math.ceil(this.file.size / 1e5) / 10 + " MB, the limit is " + limits.file / 1e6 + " MB: give the article alone.";
    }
    if (!this.file && this.area.value.length > limits.text) {
      return this.title + " has " + plural(this.area.value.length, "character") + ", the limit is " +
        limits.text.toLocaleString("en") + ": give the article alone.";
    }
    return "";
  }
  complain() {
    this.area.setAttribute("aria-invalid", "true");
    (this.file ? this.root.querySelector(".remove") : this.area).focus();
  }
  addTo(form) {
    if (this.file) { form.append(this.name, this.file, this.file.name); } else { form.append(this.name, this.area.value); }
  }
}

/* One question: its articles, what is under way, its answer. */
class Panel {
  constructor(root) {
    this.root = root;
    this.question = root.id;
    this.result = root.querySelector(".result");
    this.view = root.querySelector(".view");
    this.progress = root.querySelector(".progress");
    this.problem = root.querySelector(".problem");
    this.submit = root.querySelector(".primary");
    this.cancelling = root.querySelector(".cancel");
    this.said = root.querySelector(".said");
    this.under = null;
    this.answer = null;
    this.sources = Array.from(root.querySelectorAll(".source"), (root) => new Source(root, () => this.stale()));
    root.querySelector("form").addEventListener("submit", (event) => { event.preventDefault(); this.ask(); });
    root.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); this.ask(); }
      if (event.key === "Escape" && this.under) { this.under.abort(); }
    });
    this.cancelling.addEventListener("click", () => this.under && this.under.abort());
    root.querySelectorAll("[data-example]").forEach((button) => {
      button.addEventListener("click", () => this.fill(button.dataset.example));
    });
    root.querySelector(".copy").addEventListener("click", () => this.copy());
    root.querySelector(".get-html").addEventListener("click", () => this.save(this.answer.page, "text/html", "html"));
    root.querySelector(".get-json").addEventListener("click", () => {
      this.save(JSON.stringify(this.answer.result, null, 1) + "\n", "application/json", "json");
    });
    this.receiveDrops();
  }
  receiveDrops() {
    this.root.querySelectorAll(".source").forEach((root, at) => {
      const holdsFiles = (event) => Array.from(event.dataTransfer.types).includes("Files");
      root.addEventListener("dragover", (event) => { if (holdsFiles(event)) { event.preventDefault(); root.classList.add("over"); } });
      root.addEventListener("dragleave", () => root.classList.remove("over"));
      root.addEventListener("drop", (event) => {
        root.classList.remove("over");
        const files = Array.from(event.dataTransfer.files);
        if (!files.length) { return; }
        event.preventDefault();
        // Two files at once: the first goes where it was dropped, the other to the other side.
        files.slice(0, this.sources.length).forEach((file, number) => this.sources[(at + number) % this.sources.length].take(file));
      });
    });
  }
  stale() {
    if (!this.sources) { return; }
    this.problem.replaceChildren();
    if (this.answer && !this.result.hidden) { this.said.textContent = "This is the answer for the texts before your last change."; }
  }
  async fill(name) {
    try {
      examples = examples || await (await fetch("static/examples.json")).json();
    } catch { this.fail("The server does not answer", "Is spindetect serve still running? Start it, then try again."); return; }
    const texts = this.sources.length === 2 ? [examples[name], examples.original] : [examples[name]];
    this.sources.forEach((source, number) => source.write(texts[number]));
    this.submit.focus();
  }
  async ask() {
    if (this.under) { return; }
    const missing = this.sources.find((source) => source.trouble());
    if (missing) { missing.complain(); this.fail("This cannot be sent yet", missing.trouble()); return; }
    const body = new FormData();
    this.sources.forEach((source) => source.addTo(body));
    this.begin();
    try {
      const token = sessionStorage.getItem("token");
      const response = await fetch("desk/" + this.question, {
        method: "POST", body, signal: this.under.signal, headers: token ? { Authorization: "Bearer " + token } : {},
      });
      const answer = await response.json().catch(() => ({}));
      if (response.ok) { this.show(answer); } else { this.refuse(response, answer.error || {}); }
    } catch (error) {
      if (error.name === "AbortError") { this.fail("Cancelled", "Nothing was kept. The texts are still here.", true); } else {
        this.fail("The server does not answer", "Is spindetect serve still running? Start it, then try again.", true);
      }
    } finally { this.end(); }
  }
  begin() {
    this.under = new AbortController();
    this.problem.replaceChildren();
    this.result.hidden = true;
    this.view.replaceChildren();
    this.cancelling.hidden = false;
    // A disabled button loses the focus, and with it the keys.
    if (document.activeElement === this.submit) { this.cancelling.focus(); }
    this.submit.disabled = true;
    const started = Date.now();
    const words = make("span", { textContent: this.progress.dataset.doing + " \u2026" });
    this.progress.replaceChildren(make("span", { className: "rail" }, make("i")), words);
    this.progress.scrollIntoView({ block: "nearest" });
    // Told again every five seconds, not every second: a screen reader speaks each change.
    this.clock = setInterval(() => {
      words.textContent = this.progress.dataset.doing + " \u2026 " + Math.round((Date.now() - started) / 1000) + " s";
    }, 5000);
  }
  end() {
    clearInterval(this.clock);
    this.under = null;
    this.submit.disabled = false;
    if (document.activeElement === this.cancelling) { this.submit.focus(); }
    this.cancelling.hidden = true;
    this.progress.replaceChildren();
  }
  show(answer) {
    this.answer = answer;
    this.said.textContent = "";
    if (this.question === "trace") { this.view.replaceChildren(...ranking(answer)); } else {
      this.view.innerHTML = answer.view;
      window.spindetectEvidence(this.view);
    }
    this.result.hidden = false;
    this.result.setAttribute("aria-label", "Result: " + answer.result.verdict);
    document.title = answer.result.verdict + " \u2013 spindetect";
    this.result.focus({ preventScroll: true });
    this.result.scrollIntoView({ block: "start" });
  }
  refuse(response, error) {
    const titles = {
      401: "A token is needed", 408: "The upload took too long", 413: "This is too large", 422: "This text cannot be used",
      501: "A part of spindetect is not installed", 503: "The desk is busy", 504: "This took too long",
    };
    if (response.status === 401) { sessionStorage.removeItem("token"); askForToken(); }
    this.fail(titles[response.status] || "There is no answer", error.message || "Try again.", response.status >= 500);
  }
  fail(title, message, again = false) {
    const line = message.charAt(0).toUpperCase() + message.slice(1) + (/[.!?]$/.test(message) ? "" : ".");
    this.problem.replaceChildren(make("strong", { textContent: title }), make("p", { textContent: line }));
    if (again) {
      this.problem.append(make("button", { type: "button", textContent: "Try again", onclick: () => this.ask() }));
    }
    this.problem.scrollIntoView({ block: "nearest" });
  }
  async copy() {
    const text = this.answer.citation;
    let done = false;
    try { await navigator.clipboard.writeText(text); done = true; } catch {
      // Without https the clipboard is closed to scripts, but not to a selection.
      const area = make("textarea", { value: text, className: "sr", readOnly: true });
      this.root.append(area);
      area.select();
      done = document.execCommand("copy");
      area.remove();
    }
    this.said.textContent = done ? "Copied." : "The browser does not allow copying.";
  }
  save(text, type, ending) {
    const day = new Date().toISOString().slice(0, 10);
    const link = make("a", { href: URL.createObjectURL(new Blob([text], { type })), download: "spindetect-" + this.question + "-" + day + "." + ending });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    this.said.textContent = link.download + " saved.";
  }
}

/* The originals of a trace, best first. */
function ranking(answer) {
  const heading = make("h2", { className: "judged" }, "Trace: ", make("span", { className: "verdict " + answer.result.verdict, textContent: answer.result.verdict }));
  if (!answer.rows.length) {
    return [heading, ...answer.result.explanation.map((line) => make("p", { textContent: line }))];
  }
  const list = make("ol", { className: "ranked" });
  answer.rows.forEach((row) => {
    const view = make("div", { className: "shown-view", hidden: true });
    const button = make("button", { type: "button", textContent: "Show the evidence" });
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => {
      if (!view.firstChild) { view.innerHTML = row.view; window.spindetectEvidence(view); }
      view.hidden = !view.hidden;
      button.setAttribute("aria-expanded", String(!view.hidden));
      button.textContent = view.hidden ? "Show the evidence" : "Hide the evidence";
    });
    const facts = [...(row.title ? [row.id] : []), Math.round(100 * row.share) + " % of the text", "probability of a spun copy " + row.score.toFixed(2)];
    if (row.date) { facts.push(row.date); }
    const line = make("p", { className: "soft", textContent: facts.join(" \u00b7 ") });
    if (/^https?:\/\//i.test(row.url)) {
      line.append(" \u00b7 ", make("a", { href: row.url, rel: "noopener noreferrer nofollow", target: "_blank", textContent: "source" }));
    }
    list.append(make("li", {}, make("h3", {}, (row.title || row.id) + ": ", make("span", { className: "verdict " + row.verdict, textContent: row.verdict })), line, button, view));
  });
  return [heading, ...answer.result.explanation.map((line) => make("p", { textContent: line })), list, sentences(answer.result)];
}

/* Which sentence comes from which original. */
function sentences(result) {
  const items = result.attribution.map((item) => make("li", {}, make("p", { textContent: item.suspect }), item.original
    ? make("p", {}, make("span", { className: "soft", textContent: item.original + ": " }), item.sentence || "")
    : make("p", { className: "soft", textContent: "no original found" })));
  const list = make("ol", { className: "attribution long", tabIndex: 0 }, ...items);
  list.setAttribute("aria-label", "Sentences of the suspect, each with the one it was made from");
  return make("section", {}, make("h3", { className: "part", textContent: "Sentence by sentence" }), list);
}
function askForToken() {
  if (!tokenForm) { return; }
  tokenForm.hidden = false;
  document.getElementById("token-field").focus();
}
function select(tab) {
  tabs.forEach((other) => {
    const chosen = other === tab;
    other.setAttribute("aria-selected", String(chosen));
    other.tabIndex = chosen ? 0 : -1;
    document.getElementById(other.getAttribute("aria-controls")).hidden = !chosen;
  });
}
function address(tab) { return "#/" + tab.getAttribute("aria-controls"); }

document.querySelectorAll(".panel").forEach((root) => new Panel(root));
tabs.forEach((tab, at) => {
  tab.addEventListener("click", () => { select(tab); history.replaceState(null, "", address(tab)); });
  tab.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by) { event.preventDefault(); tabs[(at + by + tabs.length) % tabs.length].focus(); document.activeElement.click(); }
  });
});
// A file dropped beside a field must not replace the page.
["dragover", "drop"].forEach((kind) => window.addEventListener(kind, (event) => {
  if (Array.from(event.dataTransfer.types).includes("Files")) { event.preventDefault(); }
}));
if (tokenForm) {
  tokenForm.addEventListener("submit", (event) => {
    event.preventDefault();
    sessionStorage.setItem("token", document.getElementById("token-field").value.trim());
    document.getElementById("token-field").value = "";
    tokenForm.hidden = true;
  });
  if (!sessionStorage.getItem("token")) { tokenForm.hidden = false; }
}
document.querySelector(".tabs").hidden = false;
const wanted = tabs.find((tab) => address(tab) === location.hash);
select(wanted || tabs[0]);
