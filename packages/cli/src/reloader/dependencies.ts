import { createRequire, registerHooks } from "node:module";
import { dirname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);

/** Where the packages of tsjango lie when they run from a workspace: beside this one. Their sources are no project's. */
const WORKSPACE = pathToFileURL(dirname(resolve(import.meta.dirname, "../.."))).href;
const PACKAGE = /\/node_modules\/(?:@tsjango|tsjango)\//;
const IN_WORKSPACE = !PACKAGE.test(`${WORKSPACE}/`) && !WORKSPACE.endsWith("/node_modules/@tsjango");

function isFramework(url: string): boolean {
  return PACKAGE.test(url) || (IN_WORKSPACE && url.startsWith(`${WORKSPACE}/`));
}

/** Tells the modules of a project from those that it depends on: installed packages and tsjango itself. */
export function isDependency(url: string, projectDirectory: string): boolean {
  if (!url.startsWith("file:")) return false;
  const own = `${pathToFileURL(projectDirectory).href}/`;
  if (url.startsWith(own)) return `/${url.slice(own.length)}`.includes("/node_modules/");
  // A package of the same workspace, linked into node_modules, is edited beside the project: its real path tells.
  return url.includes("/node_modules/") || isFramework(url);
}

/** What a process has imported of installed packages. */
export interface DependencyNotes {
  /** The doors: what the project and tsjango import themselves, in their order, then compiled add-ons. */
  urls(): string[];
}

/** Notes what the project imports from now on; `grown` is called now and then when there is more. */
export function noteDependencies(projectDirectory: string, grown: () => void): DependencyNotes {
  const doors = new Set<string>();
  let pending = false;
  const note = (parent: string | undefined, url: string) => {
    if (parent === undefined || doors.has(url) || !isDependency(url, projectDirectory)) return;
    // What packages import from each other comes with their doors, and may be meant to fail.
    if (isDependency(parent, projectDirectory) && !isFramework(parent)) return;
    doors.add(url);
    if (pending) return;
    pending = true;
    setTimeout(() => {
      pending = false;
      grown();
    }, 200).unref();
  };
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context);
      note(context.parentURL, resolved.url);
      return resolved;
    },
  });
  const addOns = () =>
    Object.keys(require.cache)
      .filter((file) => file.endsWith(".node"))
      .map((file) => pathToFileURL(file).href)
      .filter((url) => isDependency(url, projectDirectory));
  return { urls: () => [...doors, ...addOns()] };
}

/** Loads dependencies, until `stop` says so. What fails to load is left for the project to fail at, or not. */
export async function preload(urls: readonly string[], stop: () => boolean): Promise<void> {
  for (const url of urls) {
    if (stop()) return;
    try {
      if (url.endsWith(".node")) require(fileURLToPath(url));
      else await import(url);
    } catch {
      // The project's own import fails alike, and tells why.
    }
  }
}
