// Exercises: the starter becomes an editor, the checks grade the answer, hints come one at a time.
import { getEdits } from "./cells.js";
import { edit } from "./editing.js";
import { each } from "./folds.js";
import { button, element } from "./outputs.js";
import { page } from "./place.js";
import { note, of } from "./progress.js";
import { Stopped, check, stop } from "./runtime.js";

const slug = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");

// Hints come in order: the next is there once the one before was opened.
function inOrder(box, name) {
  const hints = [...box.querySelectorAll(":scope > details.hint")];
  const opened = of(page, name).hints;
  hints.forEach((hint, i) => {
    hint.hidden = i > opened;
    hint.addEventListener("toggle", () => {
      if (!hint.open) return;
      if (i >= of(page, name).hints) note(page, name, { hints: i + 1 });
      if (hints[i + 1]) hints[i + 1].hidden = false;
    });
  });
  const solution = box.querySelector(":scope > details.solution");
  solution?.addEventListener("toggle", () => {
    const { passed, assessed } = of(page, name);
    if (solution.open && !passed && !assessed) note(page, name, { solution: true });
  });
}

// A mark in the title that says it is solved.
function marker(box) {
  const mark = element("span", "live-solved");
  box.querySelector(":scope > .admonition-title")?.append(" ", mark);
  return (entry) => {
    mark.textContent = entry.passed ? "solved" : entry.assessed ? "solved, by your own judgement" : "";
  };
}

// An exercise in words: the reader says when it is solved.
function prose(box, name) {
  const mark = marker(box);
  const label = () => (of(page, name).assessed ? "Not solved after all" : "I have solved it");
  const toggle = button(label(), () => {
    note(page, name, { assessed: !of(page, name).assessed });
    toggle.textContent = label();
    mark(of(page, name));
  });
  const bar = element("p", "live-exercise-bar");
  bar.append(toggle);
  const before = box.querySelector(":scope > details.solution") ?? null;
  box.insertBefore(bar, before);
  mark(of(page, name));
}

class Exercise {
  constructor(box, starter) {
    this.name = starter.dataset.exercise;
    this.starter = starter;
    this.original = starter.querySelector("code").textContent.replace(/\n$/, "");
    this.code = of(page, this.name).answer ?? this.original;
    this.mark = marker(box);
    this.status = element("span", "live-status");
    this.status.setAttribute("role", "status");
    this.tryButton = button(this.code === this.original ? "Try it" : "Go on with your answer", () => this.open());
    this.checkButton = button("Check", () => (this.running ? stop() : this.check()));
    this.overButton = button("Start over", () => this.startOver());
    this.checkButton.hidden = this.overButton.hidden = true;
    const bar = element("div", "live-bar");
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", "This exercise");
    bar.append(this.status, this.overButton, this.tryButton, this.checkButton);
    starter.append(bar);
    this.verdict = element("div", "live-verdict");
    this.verdict.hidden = true;
    starter.after(this.verdict);
    this.mark(of(page, this.name));
  }

  async open() {
    this.status.textContent = "Loading the editor …";
    const place = element("div", "live-editor");
    this.starter.prepend(place);
    try {
      this.editor = await edit(place, {
        code: this.code,
        label: "Your answer. Control-Enter checks it, Escape leaves it.",
        onRun: () => this.running || this.check(),
        onEscape: () => this.checkButton.focus(),
        onChange: (code) => this.keep(code),
      });
    } catch (error) {
      place.remove();
      this.status.textContent = error.message;
      return;
    }
    this.starter.classList.add("live-edited");
    this.status.textContent = "";
    this.tryButton.hidden = true;
    this.checkButton.hidden = this.overButton.hidden = false;
    this.editor.focus();
  }

  keep(code) {
    this.code = code;
    const kept = note(page, this.name, { answer: code === this.original ? null : code });
    if (!kept) this.status.textContent = "This browser keeps no answers";
  }

  startOver() {
    if (this.running) stop();
    this.editor.set(this.original);
    this.verdict.hidden = true;
    this.status.textContent = "";
    this.editor.focus();
  }

  async check() {
    this.running = true;
    this.checkButton.textContent = "Stop";
    this.editor.mark(null);
    try {
      const verdict = await check({
        exercise: this.name,
        answer: this.code,
        edits: getEdits(),
        onState: (text) => (this.status.textContent = `${text} …`),
      });
      this.show(verdict);
    } catch (error) {
      this.status.textContent = error instanceof Stopped ? "Stopped" : "Could not check";
      if (!(error instanceof Stopped)) this.put(element("pre", "press-error", error.message));
    } finally {
      this.running = false;
      this.checkButton.textContent = "Check";
    }
  }

  show({ passed, output, failure, blocked }) {
    if (blocked) {
      this.status.textContent = "Something that the exercise depends on failed";
      this.put(element("pre", "press-error", blocked.error));
      return;
    }
    const { tries, passed: before } = of(page, this.name);
    note(page, this.name, { tries: tries + 1, passed: before || passed });
    this.mark(of(page, this.name));
    const printed = output.trim() ? [element("pre", "press-text", output.trimEnd())] : [];
    if (passed) {
      this.status.textContent = "All checks passed";
      this.put(...printed);
      return;
    }
    const which = failure.number ? `Check ${failure.number} of ${failure.of} failed` : "";
    const where = failure.where === "answer" ? "Your answer" : which || "The checks";
    this.status.textContent = which || "An error";
    const line = failure.line ? `, line ${failure.line}` : "";
    const told = [element("p", "live-failed", `${where}${line}:`)];
    if (failure.source) told.push(element("pre", "press-text", failure.source));
    if (failure.message) told.push(element("p", "live-message", failure.message));
    if (failure.values.length) told.push(values(failure.values));
    this.put(...told, ...printed);
    if (failure.where === "answer") this.editor.mark(failure.line);
  }

  put(...parts) {
    this.verdict.replaceChildren(...parts);
    this.verdict.hidden = parts.length === 0;
  }
}

// What the sides of a failed check came to.
function values(pairs) {
  const list = element("dl", "live-values");
  for (const [expression, value] of pairs) list.append(element("dt", "", expression), element("dd", "", value));
  return list;
}

each(".admonition.exercise", (box) => {
  const starter = box.querySelector(".press-starter[data-exercise]");
  const title = box.querySelector(":scope > .admonition-title");
  const name = starter?.dataset.exercise ?? slug(title?.lastChild?.textContent ?? "");
  if (starter) new Exercise(box, starter);
  else prose(box, name);
  inOrder(box, name);
});
