import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type AppConfig, appDirectory } from "@tsjango/kernel/apps";
import { CommandError } from "@tsjango/kernel/exceptions";
import type { Command, LazyCommand } from "@tsjango/kernel/management";

const FILE = /^([A-Za-z][\w-]*)\.m?[jt]s$/;

/**
 * The commands in an app's `management/commands/`: each file is one, named as the file is; those that begin with "_" are
 * helpers. They are loaded when they are called, or listed.
 */
export function commandFiles(app: Pick<AppConfig, "path">): [string, LazyCommand][] {
  const directory = appDirectory(app as AppConfig, "management/commands");
  if (directory === undefined) return [];
  return readdirSync(directory)
    .sort()
    .flatMap((file): [string, LazyCommand][] => {
      const name = FILE.exec(file)?.[1];
      return name === undefined ? [] : [[name, { description: "", load: () => loadCommand(join(directory, file)) }]];
    });
}

async function loadCommand(file: string): Promise<{ readonly default: Command }> {
  const module: { readonly default?: Partial<Command> } = await import(pathToFileURL(file).href);
  if (typeof module.default?.run === "function") return module as { readonly default: Command };
  throw new CommandError(`${file} must have "export default defineCommand({ … })" (from "tsjango/management").`);
}
