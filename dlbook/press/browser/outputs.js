// What a run brought, as it stands on a page.
import { load } from "./load.js";

export function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

export function button(text, action) {
  const made = element("button", "live-button", text);
  made.type = "button";
  made.addEventListener("click", action);
  return made;
}

// Formulas in a live table are set here, as those on the page were when the book was built.
async function setFormulas(box) {
  const formulas = box.querySelectorAll(".arithmatex");
  if (!formulas.length) return;
  await load("../katex/katex.min.js");
  for (const formula of formulas) {
    const tex = formula.textContent.replace(/^\\\(|\\\)$/g, "");
    window.katex.render(tex, formula, { throwOnError: false });
  }
}

// Fill a box with a result: what was printed, then the last value, then the error.
export async function show(box, { text = "", rich = "", error = "" }) {
  box.replaceChildren();
  if (text.trim()) box.append(element("pre", "press-text", text.trimEnd()));
  if (rich) {
    const value = element("div", "live-value");
    value.innerHTML = rich;
    box.append(value);
    await setFormulas(value);
  }
  if (error) box.append(element("pre", "press-error", error));
}
