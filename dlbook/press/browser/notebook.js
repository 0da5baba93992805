// A page's notebook is saved with the code as the reader has changed it: the cells, and the answers to exercises.
import { getEdits } from "./cells.js";
import { page } from "./place.js";
import { all } from "./progress.js";

const link = document.querySelector(".press-notebook a");

// A file that was changed is saved from memory; where none can be fetched, as from a disk, it is the one on the site.
async function save(changed) {
  const notebook = await (await fetch(link.href)).json();
  for (const cell of notebook.cells) {
    const { slot, exercise } = cell.metadata.dlbook ?? {};
    const code = changed.edits[slot] ?? changed.answers[exercise]?.answer;
    if (code) cell.source = code.split(/(?<=\n)/);
  }
  const copy = document.createElement("a");
  copy.href = URL.createObjectURL(new Blob([JSON.stringify(notebook, null, 1)], { type: "application/x-ipynb+json" }));
  copy.download = link.href.split("/").pop();
  copy.click();
  setTimeout(() => URL.revokeObjectURL(copy.href), 1000);
}

link?.addEventListener("click", (event) => {
  const changed = { edits: getEdits(), answers: all()[page] ?? {} };
  const isChanged = Object.keys(changed.edits).length || Object.values(changed.answers).some((entry) => entry.answer);
  if (!isChanged) return;
  event.preventDefault();
  save(changed).catch(() => location.assign(link.href));
});
