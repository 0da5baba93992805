// The other scripts of the book, each loaded once, when it is first wanted.
const home = new URL(".", document.currentScript.src);
const loaded = new Map();

// The address of a file that stands beside the scripts, on whatever server or disk the book lies.
export const address = (name) => new URL(name, home).href;

// Load a script; a classic one, because a page that is opened from a disk may not load modules.
export function load(name) {
  if (!loaded.has(name))
    loaded.set(
      name,
      new Promise((done, failed) => {
        const script = document.createElement("script");
        script.src = address(name);
        script.onload = done;
        script.onerror = () => {
          loaded.delete(name); // so that it can be tried again
          script.remove();
          failed(new Error(`${name} could not be loaded`));
        };
        document.head.append(script);
      }),
    );
  return loaded.get(name);
}
