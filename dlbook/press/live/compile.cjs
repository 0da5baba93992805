// Compiles the modules of archives in Pyodide, each archive in its place: {pyodide, archives: [{path, at, optimize}]} on stdin.
const fs = require("fs");
const request = JSON.parse(fs.readFileSync(0, "utf8"));
const { loadPyodide } = require(`${request.pyodide}/pyodide.js`);

const COMPILE = `
import py_compile, zipfile
from pathlib import Path

def compiled(path, at, optimize):
    with zipfile.ZipFile(path) as given, zipfile.ZipFile("made.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made:
        for entry in sorted(given.infolist(), key=lambda entry: entry.filename):
            name, content = entry.filename, given.read(entry)
            if name.endswith(".py"):
                Path("module.py").write_bytes(content)
                py_compile.compile(
                    "module.py", "module.pyc", f"{at}/{name}", doraise=True, optimize=optimize,
                    invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
                )
                name, content = f"{name}c", Path("module.pyc").read_bytes()
            made.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
`;

(async () => {
  const python = await loadPyodide({ indexURL: request.pyodide });
  python.runPython(COMPILE);
  for (const { path, at, optimize } of request.archives) {
    python.FS.writeFile("given.zip", new Uint8Array(fs.readFileSync(path)));
    python.globals.get("compiled")("given.zip", at, optimize);
    fs.writeFileSync(path, python.FS.readFile("made.zip"));
  }
})().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
