import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type AppConfig, appDirectory } from "@tsjango/kernel/apps";
import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import type { TemplateLibrary } from "./library.ts";

const FILE = /^([A-Za-z]\w*)\.m?[jt]s$/;

/** A template library with the name that `{% load %}` knows, and its file. */
export interface LoadedLibrary {
  readonly name: string;
  readonly file: string;
  readonly library: TemplateLibrary;
}

/**
 * The modules in the directories `templatetags` of apps; names that begin with "_" are helpers.
 * @throws ImproperlyConfigured for a module that exports none.
 */
export async function loadLibraries(installedApps: readonly AppConfig[]): Promise<LoadedLibrary[]> {
  const files = installedApps.flatMap((app) => {
    const directory = appDirectory(app, "templatetags");
    const names = directory === undefined ? [] : readdirSync(directory).sort();
    return names.flatMap((file) => {
      const name = FILE.exec(file)?.[1];
      return name === undefined || directory === undefined ? [] : [{ name, file: join(directory, file) }];
    });
  });
  return Promise.all(files.map(async ({ name, file }) => ({ name, file, library: await loadLibrary(file) })));
}

async function loadLibrary(file: string): Promise<TemplateLibrary> {
  const module: { readonly default?: Partial<TemplateLibrary> } = await import(pathToFileURL(file).href);
  const { filters, tags } = module.default ?? {};
  if (filters !== undefined && tags !== undefined) return { filters, tags };
  throw new ImproperlyConfigured(
    `${file} must have "export default library({ filters, tags })" (from "tsjango/template").`,
  );
}
