import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, extname, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { AsgiApplication } from "@tsjango/core/asgi";
import { ApplicationNotFound, BootFailed } from "./exceptions.ts";

const EXTENSIONS = [".ts", ".js", ".mts", ".mjs"];

/**
 * Imports the application that a word of the command line names, seen from the directory `cwd`:
 * `"mysite.asgi:application"` (mysite/asgi.ts), `"./mysite/asgi.ts"`; without `:name` it is the export `application`.
 * @throws ApplicationNotFound naming what was tried; BootFailed when the module throws.
 */
export async function importApplication(specifier: string, cwd: string): Promise<AsgiApplication> {
  const { path, name } = parse(specifier);
  const file = locate(specifier, path, cwd);
  let module: Record<string, unknown>;
  try {
    module = await import(pathToFileURL(file).href);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BootFailed(`Importing ${relative(cwd, file)} failed: ${reason}`, { cause });
  }
  const application = module[name];
  if (typeof application === "function") return application as AsgiApplication;
  const exports = Object.keys(module);
  const found = name in module ? `its export "${name}" is ${typeof application}` : `it has no export "${name}"`;
  const functions = exports.filter((key) => typeof module[key] === "function");
  throw new ApplicationNotFound(
    `${relative(cwd, file)} holds no ASGI application: ${found}. ` +
      (functions.length > 0
        ? `It exports the functions ${functions.join(", ")}: write "${specifier.split(":")[0]}:${functions[0]}".`
        : `Add: export const ${name} = await getAsgiApplication(settings);`),
  );
}

function parse(specifier: string): { path: string; name: string } {
  const colon = specifier.lastIndexOf(":");
  const isDrive = colon === 1 && /^[a-z]:[\\/]/i.test(specifier);
  const [path, name] =
    colon === -1 || isDrive ? [specifier, "application"] : [specifier.slice(0, colon), specifier.slice(colon + 1)];
  if (path !== "" && name !== "") return { path, name };
  throw new ApplicationNotFound(
    `${JSON.stringify(specifier)} names no application. Write "module:name", such as "mysite.asgi:application".`,
  );
}

/** The file: a path is taken as it is, dots of a dotted name are directories. */
function locate(specifier: string, path: string, cwd: string): string {
  const isPath = /[\\/]/.test(path) || EXTENSIONS.includes(extname(path));
  const base = resolve(cwd, isPath ? path : path.replaceAll(".", "/"));
  const candidates = EXTENSIONS.includes(extname(base)) ? [base] : EXTENSIONS.map((extension) => base + extension);
  const file = candidates.find((candidate) => existsSync(candidate));
  if (file !== undefined) return file;
  const tried = candidates.slice(0, 2).map((candidate) => relative(cwd, candidate));
  const near = nearby(base, cwd);
  throw new ApplicationNotFound(
    `There is no module for ${JSON.stringify(specifier)} in ${cwd}: tried ${tried.join(" and ")}.` +
      (near.length > 0 ? ` There is ${near.join(", ")}.` : ` Run this in the project's directory.`),
  );
}

/** Modules that may have been meant: those beside the missing file, else an `asgi` in a directory of `cwd`. */
function nearby(base: string, cwd: string): string[] {
  const directory = dirname(base);
  const modules = (where: string) =>
    existsSync(where) ? readdirSync(where).filter((name) => EXTENSIONS.includes(extname(name))) : [];
  const initial = basename(base)[0]?.toLowerCase();
  const beside = modules(directory).filter((name) => name.startsWith("asgi.") || name[0]?.toLowerCase() === initial);
  if (beside.length > 0) return beside.slice(0, 3).map((name) => relative(cwd, resolve(directory, name)));
  if (!existsSync(cwd)) return [];
  const directories = readdirSync(cwd, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && entry.name !== "node_modules" && !entry.name.startsWith("."),
  );
  return directories
    .flatMap(({ name }) => modules(resolve(cwd, name)).map((file) => `${name}/${file}`))
    .filter((file) => basename(file).startsWith("asgi."))
    .slice(0, 3);
}
