// What every page loads. It stays small: whatever is large is loaded when a reader asks for it (load.js).
import "./cells.js";
import "./reading.js";
