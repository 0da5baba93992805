// One figure that moves: its function is run anew at each change, and the artists that it names get new points.
const SVG = "http://www.w3.org/2000/svg";

// A number as Python's format would write it, for the few forms that there are.
function written(value, form = "") {
  if (typeof value !== "number") return value === null || value === undefined ? "–" : String(value);
  if (!Number.isFinite(value)) return "–";
  const digits = Number(form.match(/\.(\d+)/)?.[1] ?? 0);
  const text = form.endsWith("%") ? `${(100 * value).toFixed(digits)}%` : form.endsWith("d") ? String(Math.round(value)) : value.toFixed(digits);
  return text.replace(/^-(?=[0.]*%?$)/, "").replace("-", "−");
}

class Frame {
  constructor({ limits, box }) {
    [this.x0, this.x1, this.y0, this.y1] = limits;
    [this.left, this.bottom, this.right, this.top] = box;
  }

  place(x, y) {
    return [
      this.left + ((x - this.x0) / (this.x1 - this.x0)) * (this.right - this.left),
      this.bottom + ((y - this.y0) / (this.y1 - this.y0)) * (this.top - this.bottom),
    ];
  }

  back(px, py) {
    return [
      this.x0 + ((px - this.left) / (this.right - this.left)) * (this.x1 - this.x0),
      this.y0 + ((py - this.bottom) / (this.top - this.bottom)) * (this.y1 - this.y0),
    ];
  }

  keep([x, y]) {
    const within = (v, a, b) => Math.min(Math.max(v, Math.min(a, b)), Math.max(a, b));
    return [within(x, this.x0, this.x1), within(y, this.y0, this.y1)];
  }
}

// A line of matplotlib's: a path, or marks that repeat one shape, or both.
class Line {
  constructor(group, frame) {
    this.group = group;
    this.frame = frame;
    this.path = [...group.children].find((child) => child.tagName === "path");
    this.mark = group.querySelector("use");
    this.marks = this.mark?.parentNode;
  }

  show(value) {
    const [xs, ys] = value ?? [[], []];
    // far beyond the picture a point is as good as at its edge, and no number that SVG cannot hold
    const far = (v) => Math.min(Math.max(v, -1e4), 1e4);
    const points = xs.map((x, i) => this.frame.place(x, ys[i]).map(far));
    const seen = points.map(([px, py]) => Number.isFinite(px) && Number.isFinite(py));
    if (this.path) {
      let d = "";
      let pen = "M";
      points.forEach(([px, py], i) => {
        if (seen[i]) d += `${pen}${px.toFixed(2)} ${py.toFixed(2)}`;
        pen = seen[i] ? "L" : "M";
      });
      this.path.setAttribute("d", d);
    }
    if (this.mark) {
      const { left, right, top, bottom } = this.frame;
      const inside = points.filter(
        ([px, py], i) => seen[i] && px >= left - 1 && px <= right + 1 && py >= top - 1 && py <= bottom + 1,
      );
      this.marks.replaceChildren(
        ...inside.map(([px, py]) => {
          const mark = this.mark.cloneNode();
          mark.setAttribute("x", px.toFixed(2));
          mark.setAttribute("y", py.toFixed(2));
          return mark;
        }),
      );
    }
  }
}

class Words {
  constructor(group, frame, { at, anchor, size, color }) {
    const [x, y] = frame.place(...at);
    this.text = document.createElementNS(SVG, "text");
    const set = { x, y, "text-anchor": anchor, "font-size": size, "dominant-baseline": "central", class: "play-words" };
    for (const [name, value] of Object.entries(set)) this.text.setAttribute(name, value);
    const fill = group.querySelector("[style*=fill]")?.style.fill;
    this.text.style.fill = fill || color;
    group.replaceChildren(this.text);
  }

  show(value) {
    this.text.textContent = value ?? "";
  }
}

class Readout {
  constructor(cell, form) {
    this.cell = cell;
    this.form = form;
  }

  show(value) {
    this.cell.textContent = written(value, this.form);
  }
}

// A point to drag: by mouse or finger, or by the arrow keys.
class Handle {
  constructor(svg, frame, control, changed) {
    this.frame = frame;
    this.control = control;
    this.node = document.createElementNS(SVG, "circle");
    const set = { r: 12, class: "play-handle", tabindex: 0, role: "slider", "aria-label": control.text, "aria-roledescription": "point in the plane" };
    for (const [name, value] of Object.entries(set)) this.node.setAttribute(name, value);
    svg.append(this.node);
    const moved = (point) => {
      this.value = frame.keep(point);
      changed();
    };
    this.node.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.node.focus();
      this.node.setPointerCapture(event.pointerId);
    });
    this.node.addEventListener("pointermove", (event) => {
      if (!this.node.hasPointerCapture(event.pointerId)) return;
      const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      moved(frame.back(at.x, at.y));
    });
    this.node.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] }[event.key];
      if (!step) return;
      event.preventDefault();
      const size = (event.shiftKey ? 10 : 1) / 100;
      const [x, y] = this.value;
      moved([x + step[0] * size * Math.abs(frame.x1 - frame.x0), y + step[1] * size * Math.abs(frame.y1 - frame.y0)]);
    });
  }

  get value() {
    return this.at;
  }

  set value(point) {
    this.at = point;
    const [px, py] = this.frame.place(...point);
    this.node.setAttribute("cx", px.toFixed(2));
    this.node.setAttribute("cy", py.toFixed(2));
    const told = point.map((v) => written(v, ".2f"));
    this.node.setAttribute("aria-valuenow", point[0].toFixed(2));
    this.node.setAttribute("aria-valuetext", `${told[0]} across, ${told[1]} up`);
  }
}

// The question before the figure moves; what came of it is told, and then the controls are free.
function ask(panel, { answer, form }, free) {
  const guess = panel.querySelector(".play-guess");
  const [input, output, told] = ["input", "output", "[role=status]"].map((each) => guess.querySelector(each));
  input.addEventListener("input", () => (output.textContent = written(Number(input.value), form)));
  const done = (text) => {
    told.textContent = text;
    for (const button of guess.querySelectorAll("button")) button.disabled = true;
    input.disabled = true;
    free();
  };
  guess.addEventListener("submit", (event) => {
    event.preventDefault();
    const said = Number(input.value);
    const gap = Math.abs(said - answer);
    const verdict = written(gap, form) === written(0, form) ? "exactly so" : `off by ${written(gap, form)}`;
    done(`You said ${written(said, form)}. It is ${written(answer, form)}: ${verdict}. Now move it.`);
  });
  guess.querySelector(".play-skip").addEventListener("click", () => done(`It is ${written(answer, form)}. Now move it.`));
}

window.dlbookBegin = (figure, { f, controls, parameters, data, axes, show, guess }) => {
  const svg = figure.querySelector(":scope > svg");
  const panel = figure.querySelector(".play-panel");
  const note = panel.querySelector(".play-note");
  const frames = axes.map((each) => new Frame(each));
  const artists = Object.entries(show).map(([key, part]) => {
    if (part.kind === "readout") return [key, new Readout(panel.querySelector(`[data-show="${key}"]`), part.form)];
    const group = svg.querySelector(`#${CSS.escape(`${figure.dataset.play}-play-${key}`)}`);
    return [key, part.kind === "line" ? new Line(group, frames[part.axes]) : new Words(group, frames[part.axes], part)];
  });

  let waiting = false;
  let telling = 0;
  const draw = () => {
    waiting = false;
    const values = { ...data };
    for (const input of inputs) values[input.control.name] = input.value;
    const made = f(...parameters.map((name) => values[name]));
    for (const [key, artist] of artists) artist.show(made[key]);
    clearTimeout(telling); // a reader of the screen hears where it ended, not each step on the way
    telling = setTimeout(() => (note.textContent = made.note ?? ""), 250);
    figure.dispatchEvent(new CustomEvent("play:drawn"));
  };
  const changed = () => {
    if (!waiting) requestAnimationFrame(draw);
    waiting = true;
  };

  const inputs = controls.map((control) => {
    if (control.axes !== undefined) return new Handle(svg, frames[control.axes], control, changed);
    const node = panel.querySelector(`[name="${control.name}"]`);
    const output = node.parentNode.querySelector("output");
    return {
      control,
      node,
      get value() {
        return Number(node.value);
      },
      set value(value) {
        node.value = value;
        if (output) output.textContent = written(value, control.form);
      },
    };
  });
  for (const input of inputs)
    input.node.addEventListener("input", () => {
      input.value = Number(input.node.value);
      changed();
    });
  const reset = () => {
    for (const input of inputs) input.value = input.control.value;
    changed();
  };
  panel.querySelector(".play-reset").addEventListener("click", reset);
  for (const { node } of inputs) if (node.classList.contains("play-handle")) node.style.display = "none";
  reset();
  figure.classList.add("play-awake");
  ask(panel, guess, () => {
    panel.querySelector(".play-controls").inert = false;
    for (const { node } of inputs) node.style.display = "";
    figure.classList.add("play-free");
  });
};
