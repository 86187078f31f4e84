import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Project } from "@tsjango/kernel/conf";

/**
 * The application of a project, as `importApplication` takes it: `"tsjango": { "application": "mysite.asgi:application" }`
 * in its package.json, else the `asgi.ts` beside its settings.
 */
export function projectApplication(project: Project): { application: string; cwd: string } {
  const { directory } = project;
  const named = applicationOf(join(directory, "package.json"));
  if (named !== undefined) return { application: named, cwd: directory };
  const beside = ["asgi.ts", "asgi.js"].map((name) => join(dirname(project.settingsFile), name));
  const file = beside.find((path) => existsSync(path)) ?? (beside[0] as string);
  return { application: `./${relative(directory, file).replaceAll("\\", "/")}`, cwd: directory };
}

function applicationOf(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const content: { tsjango?: { application?: unknown } } = JSON.parse(readFileSync(file, "utf8"));
  const value = content.tsjango?.application;
  return typeof value === "string" ? value : undefined;
}
