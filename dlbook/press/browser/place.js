// Where this page lies in the site, and where its live data lie.
import { address } from "./load.js";

// The page's file, as the build named it: some servers leave out index.html, or .html.
function file() {
  const root = new URL(address("../../")).pathname;
  const path = decodeURIComponent(location.pathname).slice(decodeURIComponent(root).length);
  if (path === "" || path.endsWith("/")) return `${path}index`;
  return path.replace(/\.html$/, "");
}

export const page = file();

export const live = (name) => address(`../live/${name}`);
