// Sets formulas as they come: one [tex, display] a line on stdin, its HTML (as JSON) a line on stdout.
const katex = require(process.argv[2]);
require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const [tex, displayMode] = JSON.parse(line);
  process.stdout.write(JSON.stringify(katex.renderToString(tex, { displayMode, output: "htmlAndMathml" })) + "\n");
});
