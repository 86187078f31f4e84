import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Settings } from "@tsjango/kernel/conf";
import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import type {} from "../settings.ts";

/** The file in `staticRoot` that tells hashed names. */
export const MANIFEST = "staticfiles.json";

/** Hashed names by name. */
export type StaticManifest = ReadonlyMap<string, string>;

/** Where `collectstatic` puts files. */
export function staticRootOf({ baseDir, staticRoot }: Pick<Settings, "baseDir" | "staticRoot">): string {
  return resolve(baseDir, staticRoot);
}

/** What `collectstatic` wrote; undefined where it was not run. @throws ImproperlyConfigured for a file that is none of its */
export async function readManifest(
  settings: Pick<Settings, "baseDir" | "staticRoot">,
): Promise<StaticManifest | undefined> {
  const file = join(staticRootOf(settings), MANIFEST);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    const { paths } = JSON.parse(text) as { readonly paths: Readonly<Record<string, string>> };
    return new Map(Object.entries(paths));
  } catch (cause) {
    throw new ImproperlyConfigured(`${file} cannot be read as a manifest of static files. Run: tsjango collectstatic`, {
      cause,
    });
  }
}

/** The text of the manifest; the same files give the same text. */
export function manifestText(manifest: StaticManifest): string {
  const paths = Object.fromEntries([...manifest].sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ version: 1, paths }, undefined, 1)}\n`;
}
