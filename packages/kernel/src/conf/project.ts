import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ImproperlyConfigured } from "../exceptions.ts";
import type { Settings } from "./settings.ts";

/** A project on disk. */
export interface Project {
  /** The directory of its package.json. */
  readonly directory: string;
  /** The absolute path of its settings module. */
  readonly settingsFile: string;
}

/** The nearest directory at or above `from` that holds a package.json. */
export function nearestPackage(from: string): string | undefined {
  for (let directory = resolve(from); ; directory = dirname(directory)) {
    if (existsSync(resolve(directory, "package.json"))) return directory;
    if (dirname(directory) === directory) return undefined;
  }
}

/**
 * The project that `from` lies in: `options.settings`, else `TSJANGO_SETTINGS`, else the nearest package.json with
 * `"tsjango": { "settings": "./mysite/settings.ts" }`. Undefined outside a project.
 */
export function findProject(from: string, options: { settings?: string | undefined } = {}): Project | undefined {
  const named = options.settings ?? process.env["TSJANGO_SETTINGS"];
  if (named) {
    const settingsFile = resolve(from, named);
    return { directory: nearestPackage(dirname(settingsFile)) ?? dirname(settingsFile), settingsFile };
  }
  for (let directory = nearestPackage(from); directory !== undefined; ) {
    const settingsFile = settingsOf(directory);
    if (settingsFile !== undefined) return { directory, settingsFile: resolve(directory, settingsFile) };
    const parent = dirname(directory);
    directory = parent === directory ? undefined : nearestPackage(parent);
  }
  return undefined;
}

function settingsOf(directory: string): string | undefined {
  const file = resolve(directory, "package.json");
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new ImproperlyConfigured(`${file} is not valid JSON: ${(cause as Error).message}`, { cause });
  }
  const value = (content as { tsjango?: { settings?: unknown } } | null)?.tsjango?.settings;
  return typeof value === "string" ? value : undefined;
}

/** Imports a project's settings module. Throws `ImproperlyConfigured` when it is missing or exports no settings. */
export async function loadSettings(project: Project): Promise<Settings> {
  if (!existsSync(project.settingsFile)) {
    throw new ImproperlyConfigured(
      `There is no settings file ${project.settingsFile}. ` +
        `Correct "tsjango": { "settings": … } in ${resolve(project.directory, "package.json")}, --settings or TSJANGO_SETTINGS.`,
    );
  }
  const module: { default?: unknown } = await import(pathToFileURL(project.settingsFile).href);
  if (typeof module.default !== "object" || module.default === null || !("installedApps" in module.default)) {
    throw new ImproperlyConfigured(`${project.settingsFile} must have "export default defineSettings({ … })".`);
  }
  return module.default as Settings;
}
