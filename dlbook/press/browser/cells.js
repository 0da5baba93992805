// Cells that run. Each executed block gets its buttons; nothing else is loaded until one of them is pressed.
import { edit } from "./editing.js";
import { UNFOLDED, each } from "./folds.js";
import { button, element, show } from "./outputs.js";
import { live, page } from "./place.js";
import { Stopped, run, stop } from "./runtime.js";

const cells = new Map();

// The code of the cells that the reader has changed, by the numbers of their blocks.
export function getEdits() {
  const changed = [...cells.values()].filter((cell) => cell.isEdited());
  return Object.fromEntries(changed.map((cell) => [cell.number, cell.code]));
}

class Cell {
  constructor(box, source) {
    this.number = Number(box.dataset.cell);
    this.source = source;
    this.built = box.querySelector(":scope > .press-output");
    this.original = source.querySelector("code").textContent.replace(/\n$/, "");
    this.code = this.original;
    this.editor = null;
    this.status = element("span", "live-status");
    this.status.setAttribute("role", "status");
    this.output = element("div", "press-output live-output");
    this.output.hidden = true;
    this.runButton = button("Run", () => (this.running ? stop() : this.run()));
    this.editButton = button("Edit", () => this.edit());
    this.resetButton = button("Reset", () => this.reset());
    this.resetButton.hidden = true;
    const bar = element("div", "live-bar");
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", "This cell");
    this.copyButton = button("Copy", () => this.copy());
    bar.append(this.status, this.resetButton, this.copyButton, this.editButton, this.runButton);
    source.append(bar);
    (this.built ?? source).after(this.output);
  }

  async copy() {
    try {
      await navigator.clipboard.writeText(this.code);
      this.say("Copied");
    } catch {
      this.say("This browser copies nothing by itself: edit the cell, and copy from there");
    }
  }

  isEdited() {
    return this.code !== this.original;
  }

  async run() {
    this.running = true;
    this.runButton.textContent = "Stop";
    this.resetButton.hidden = false;
    let printed = "";
    const hooks = {
      onState: (text) => this.say(`${text} …`),
      onOutput: (text) => {
        printed += text;
        this.put({ text: printed });
      },
    };
    try {
      const result = await run(this.number, getEdits(), hooks);
      const unseen = result.lacking
        ? `Needs ${result.lacking.join(" and ")}, which no browser has: below is the book's own output`
        : !result.drawn && !this.isEdited() && "Ran; a browser does not draw this: below is the book's own figure";
      if (unseen) {
        this.output.hidden = true;
        if (this.built) this.built.hidden = false;
        this.say(unseen);
        return;
      }
      await this.put(result);
      this.mark(result.block === null ? result.line : null);
      this.say(this.summary(result));
    } catch (error) {
      await this.put({ text: printed, error: error instanceof Stopped ? "" : error.message });
      this.say(error instanceof Stopped ? "Stopped" : "Could not run");
    } finally {
      this.running = false;
      this.runButton.textContent = "Run";
    }
  }

  // One line on how it went; of an unchanged cell also whether it came out as in the book.
  summary({ text, rich, error, block, seconds }) {
    if (block !== null) return "Something that this cell depends on failed";
    if (error) return "An error";
    const took = seconds < 0.01 ? "" : `, ${seconds.toFixed(2)} s`;
    if (this.isEdited() || rich.includes("<svg")) return `Done${took}`;
    const words = (box) => (box?.textContent ?? "").replace(/\s+/g, " ").trim();
    if (!(text || rich)) return `Done${took}`;
    return words(this.built) === words(this.output)
      ? `The same as in the book${took}`
      : `Other than in the book${took}`;
  }

  put(result) {
    if (this.built) this.built.hidden = true;
    this.output.hidden = false;
    return show(this.output, result);
  }

  say(text) {
    this.status.textContent = text;
  }

  mark(line) {
    this.editor?.mark(line);
  }

  async edit() {
    if (this.editor) {
      this.editor.focus();
      return;
    }
    this.say("Loading the editor …");
    const place = element("div", "live-editor");
    this.source.prepend(place);
    try {
      this.editor = await edit(place, {
        code: this.code,
        label: "Code of this cell. Control-Enter runs it, Escape leaves it.",
        onRun: () => this.running || this.run(),
        onEscape: () => this.runButton.focus(),
        onChange: (code) => {
          this.code = code;
          this.resetButton.hidden = false;
        },
      });
    } catch (error) {
      place.remove();
      this.say(error.message);
      return;
    }
    this.source.classList.add("live-edited");
    this.say("");
    this.editor.focus();
  }

  reset() {
    if (this.running) stop();
    this.editor?.destroy();
    this.editor = null;
    this.source.classList.remove("live-edited");
    this.source.querySelector(".live-editor")?.remove();
    this.code = this.original;
    this.output.hidden = true;
    this.output.replaceChildren();
    if (this.built) this.built.hidden = false;
    this.resetButton.hidden = true;
    this.say("");
    this.runButton.focus();
  }
}

// A block whose code the page does not show: it is fetched when somebody asks for it.
async function reveal(box, asking) {
  asking.disabled = true;
  const response = await fetch(live(`${page}.json`)).catch((error) => ({ statusText: error.message }));
  if (!response.ok) {
    asking.textContent = response.statusText;
    return;
  }
  const { blocks } = await response.json();
  const source = element("div", "press-code");
  const code = element("code", "", blocks[box.dataset.cell].code);
  const highlight = element("div", "highlight");
  highlight.append(element("pre"));
  highlight.firstChild.append(code);
  source.append(highlight);
  asking.remove();
  box.prepend(source);
  const cell = new Cell(box, source);
  cells.set(box.dataset.cell, cell);
  cell.edit();
}

function begin(box) {
  const source = box.querySelector(".press-code");
  const fold = box.querySelector(":scope > .press-fold");
  if (source) cells.set(box.dataset.cell, new Cell(box, source));
  else if (fold) fold.addEventListener(UNFOLDED, () => begin(box), { once: true });
  else if (box.querySelector(":scope > .press-output")) {
    const asking = button("Code", () => reveal(box, asking));
    asking.classList.add("live-reveal");
    box.append(asking);
  }
}

each(".press-cell[data-cell]", begin);
