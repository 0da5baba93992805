// The page on which a reader sees all progress, and can take it along, bring it in, or clear it.
import { address, load } from "./load.js";
import { button, element } from "./outputs.js";
import { all, format, keep, merge, parse, solved } from "./progress.js";

const place = document.querySelector("#progress-record");

function table(pages) {
  const made = element("table", "press-table");
  const head = made.createTHead().insertRow();
  for (const text of ["page", "solved", "tried", "solutions opened before"]) {
    const cell = element("th", "", text);
    cell.scope = "col";
    head.append(cell);
  }
  const body = made.createTBody();
  for (const [page, exercises] of Object.entries(pages)) {
    const entries = Object.values(exercises);
    const row = body.insertRow();
    const name = element("th");
    name.scope = "row";
    const link = element("a", "", page);
    link.href = `${address("../../")}${page}.html`;
    name.append(link);
    row.append(name);
    const count = window.dlbookExercises?.[page];
    const done = solved(exercises);
    for (const text of [count ? `${done} of ${count}` : done, entries.filter((e) => e.tries).length, entries.filter((e) => e.solution).length])
      row.insertCell().textContent = text;
  }
  return made;
}

function draw(told = "") {
  const pages = all();
  const status = element("p", "live-status", told);
  status.setAttribute("role", "status");
  const isEmpty = !Object.keys(pages).length;
  const box = element("div", "press-scroll");
  box.append(isEmpty ? element("p", "", "Nothing is recorded in this browser yet.") : table(pages));
  const file = element("input");
  file.type = "file";
  file.accept = "application/json,.json";
  file.hidden = true;
  file.addEventListener("change", async () => {
    try {
      const brought = parse(await file.files[0].text());
      draw(keep(merge(all(), brought)) ? "Brought in." : "This browser keeps nothing.");
    } catch (error) {
      draw(error.message);
    }
  });
  const save = button("Export", () => {
    const link = element("a");
    link.href = URL.createObjectURL(new Blob([format(all())], { type: "application/json" }));
    link.download = "progress.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  save.disabled = isEmpty;
  const clear = button("Clear", () => {
    const sure = button("Clear everything", () => {
      keep({});
      draw("Cleared.");
    });
    clear.replaceWith(sure);
    sure.focus();
  });
  clear.disabled = isEmpty;
  const bar = element("p", "live-exercise-bar");
  bar.append(save, button("Import", () => file.click()), file, clear);
  place.replaceChildren(box, bar, status);
}

load("../live/exercises.js").catch(() => {}).then(() => draw());
