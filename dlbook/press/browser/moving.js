// Figures that move. Nothing of one is loaded before a reader comes to it by pointer, touch or keyboard.
import { each } from "./folds.js";
import { load } from "./load.js";
import { page } from "./place.js";

async function begin(figure) {
  await Promise.all([load("play.js"), load(`../play/${page}/${figure.dataset.play}.js`)]);
  window.dlbookBegin(figure, window.dlbookPlay[figure.dataset.play]);
}

each(".press-play", (figure) => {
  const wake = () => {
    for (const kind of ["pointerenter", "focusin", "touchstart"]) figure.removeEventListener(kind, wake);
    begin(figure).catch((error) => (figure.querySelector(".play-note").textContent = error.message));
  };
  for (const kind of ["pointerenter", "focusin", "touchstart"])
    figure.addEventListener(kind, wake, { passive: true });
});
