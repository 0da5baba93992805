// What every page loads. It stays small: whatever is large is loaded when a reader asks for it (load.js).
import "./cells.js";
import "./chapters.js";
import "./exercises.js";
import "./moving.js";
import "./notebook.js";
import "./reading.js";
import { load } from "./load.js";

if (document.querySelector("#progress-record")) load("record.js");
