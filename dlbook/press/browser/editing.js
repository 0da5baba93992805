// An editor in the page, made by a script that is loaded when the first one is wanted.
import { load } from "./load.js";

// edit(container, {code, label, onRun, onEscape, onChange}) → {code(), set(code), focus(), mark(line), destroy()}
export async function edit(container, options) {
  await load("editor.js");
  return window.dlbookEditor(container, options);
}
