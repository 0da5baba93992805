// Sets a batch of formulas: {katex, formulas: [[tex, display], …]} on stdin, [{html} | {error}, …] on stdout.
const request = JSON.parse(require("fs").readFileSync(0, "utf8"));
const katex = require(request.katex);
const role = (name) => `\\htmlClass{dl-${name}}{#1}`;
const macros = {
  "\\cdata": role("data"),
  "\\cparam": role("parameter"),
  "\\cact": role("activation"),
  "\\cgrad": role("gradient"),
};
const refused = "#c0ffee"; // KaTeX colors what it is not trusted to set instead of throwing
const answers = request.formulas.map(([tex, displayMode]) => {
  try {
    const html = katex.renderToString(tex, {
      displayMode,
      macros: { ...macros },
      output: "htmlAndMathml",
      throwOnError: true,
      errorColor: refused,
      strict: (code) => (code === "htmlExtension" || code === "unicodeTextInMathMode" ? "ignore" : "error"),
      trust: (context) => context.command === "\\htmlClass",
    });
    return html.includes(refused) ? { error: `a command that the book does not trust, in ${tex}` } : { html };
  } catch (error) {
    return { error: error.message };
  }
});
process.stdout.write(JSON.stringify(answers));
