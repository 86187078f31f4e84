import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { isAbsolute, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { apps } from "@tsjango/kernel/apps";
import { settings } from "@tsjango/kernel/conf";
import { FixtureError } from "../exceptions.ts";
import { type Fixture, type FixtureRow, fixtureRows } from "./fixture.ts";

const EXTENSIONS = [".json", ".ts", ".js"];
const KNOWN = /\.(json|[mc]?[tj]s)$/;

/**
 * The file of a fixture: `authors.json` or `authors` in the directory `fixtures` of an installed app, else a path from the
 * project's directory.
 * @throws FixtureError where there is none, or more than one.
 */
export function findFixture(name: string): string {
  const directories = apps.all().map(({ config }) => join(config.path, "fixtures"));
  const names = KNOWN.test(name) ? [name] : EXTENSIONS.map((extension) => name + extension);
  const found = (directory: string) => names.map((each) => resolve(directory, each)).filter((path) => existsSync(path));
  const inApps = isAbsolute(name) ? [] : directories.flatMap(found);
  const [file, other] = inApps.length > 0 ? inApps : found(settings.baseDir);
  if (file === undefined) {
    const places = [...directories.filter((directory) => existsSync(directory)), settings.baseDir];
    throw new FixtureError(
      `There is no fixture "${name}" (${names.join(", ")}). Looked in ${places.map(shownPath).join(", ")}.`,
    );
  }
  if (other === undefined) return file;
  throw new FixtureError(
    `"${name}" may be ${shownPath(file)} or ${shownPath(other)}. Write the path from ${settings.baseDir}.`,
  );
}

/** A path as messages name it. */
export function shownPath(path: string): string {
  const shown = relative(settings.baseDir, path);
  return shown === "" ? "." : shown.startsWith("..") ? path : shown;
}

/** What a fixture's file gives: its rows, after its function has run. */
export async function readFixture(file: string): Promise<readonly FixtureRow[]> {
  const source = shownPath(file);
  if (file.endsWith(".json")) return fixtureRows(source, await readJson(file, source));
  const module = (await import(pathToFileURL(file).href)) as { default?: Fixture };
  if (module.default === undefined) {
    throw new FixtureError(`${source} has no default export. Export rows, or a function that makes some.`);
  }
  if (typeof module.default !== "function") return fixtureRows(source, module.default);
  return fixtureRows(source, (await module.default()) ?? []);
}

async function readJson(file: string, source: string): Promise<unknown> {
  const text = await readFile(file, "utf8");
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FixtureError(`${source} is no JSON: ${(cause as Error).message}`, { cause });
  }
}
