// The editor, loaded when a reader first asks to edit: CodeMirror, in the book's own colors.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, drawSelection, keymap } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

const markLine = StateEffect.define();

// The line that an error is on; any change of the text takes the mark away.
const marked = StateField.define({
  create: () => Decoration.none,
  update(marks, change) {
    for (const effect of change.effects)
      if (effect.is(markLine)) {
        const { doc } = change.state;
        if (!effect.value || effect.value > doc.lines) return Decoration.none;
        const line = Decoration.line({ class: "live-wrong" });
        return Decoration.set([line.range(doc.line(effect.value).from)]);
      }
    return change.docChanged ? Decoration.none : marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

window.dlbookEditor = (container, { code, label, onRun, onEscape, onChange }) => {
  const bindings = [
    { key: "Mod-Enter", run: () => (onRun?.(), true) },
    { key: "Escape", run: () => (onEscape?.(), true) },
    indentWithTab,
  ];
  const view = new EditorView({
    parent: container,
    state: EditorState.create({
      doc: code,
      extensions: [
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        indentUnit.of("    "),
        python(),
        syntaxHighlighting(classHighlighter),
        marked,
        keymap.of([...bindings, ...defaultKeymap, ...historyKeymap]),
        EditorView.contentAttributes.of({
          "aria-label": label,
          spellcheck: "false",
          autocapitalize: "off",
          autocorrect: "off",
        }),
        EditorView.updateListener.of((update) => update.docChanged && onChange?.(update.state.doc.toString())),
      ],
    }),
  });
  return {
    code: () => view.state.doc.toString(),
    set: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }),
    focus: () => view.focus(),
    mark: (line) => view.dispatch({ effects: markLine.of(line) }),
    destroy: () => view.destroy(),
  };
};
