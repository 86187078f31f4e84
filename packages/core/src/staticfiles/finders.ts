import { readdir } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import type { Settings } from "@tsjango/kernel/conf";
import type {} from "../settings.ts";
import { resolveInside } from "../utils/resolve-inside.ts";

/** What the finders need of the settings. */
export type StaticSettings = Pick<Settings, "baseDir" | "installedApps" | "staticDirs">;

/** A static file by its name, "/"-separated below its directory. */
export interface FoundFile {
  readonly name: string;
  readonly path: string;
}

/** Where static files are looked for: the setting `staticDirs`, then `static/` of each app. */
export function staticDirectories({ baseDir, staticDirs, installedApps }: StaticSettings): string[] {
  return [
    ...staticDirs.map((directory) => resolve(baseDir, directory)),
    ...installedApps.map((app) => join(app.path, "static")),
  ];
}

/** The file of this name that is used; undefined where there is none, or the name leads elsewhere. */
export async function findStaticFile(name: string, settings: StaticSettings): Promise<string | undefined> {
  for (const directory of staticDirectories(settings)) {
    const file = await resolveInside(directory, name);
    if (file !== undefined) return file;
  }
  return undefined;
}

/** The files of this name, first the one that is used. A name that leads elsewhere finds nothing. */
export async function findStaticFiles(name: string, settings: StaticSettings): Promise<string[]> {
  const found = await Promise.all(staticDirectories(settings).map((directory) => resolveInside(directory, name)));
  return found.filter((file) => file !== undefined);
}

/** All static files; of several with one name, the first. */
export async function listStaticFiles(settings: StaticSettings): Promise<Map<string, FoundFile>> {
  const files = new Map<string, FoundFile>();
  for (const directory of staticDirectories(settings)) {
    for (const { name, path } of await filesBelow(directory)) if (!files.has(name)) files.set(name, { name, path });
  }
  return files;
}

/** The files below a directory in order of their names; none where it does not exist. Links that lead out are left out. */
export async function filesBelow(directory: string): Promise<FoundFile[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch((error) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  });
  const files = entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return { name: relative(directory, path).split(sep).join("/"), path };
    })
    .filter(
      ({ name }) => !name.split("/").some((part) => part.startsWith(".") || part === "CVS" || part.endsWith("~")),
    );
  const inside = await Promise.all(
    files.map(async (file) => (await resolveInside(directory, file.name)) !== undefined),
  );
  return files.filter((_file, index) => inside[index]).sort((a, b) => (a.name < b.name ? -1 : 1));
}
