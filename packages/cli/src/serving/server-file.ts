import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { CommandError, UsageError } from "@tsjango/kernel/exceptions";
import { didYouMean } from "@tsjango/kernel/utils";
import type { ServeSettings } from "@tsjango/server";
import { HOOK_NAMES, OPTION_TABLE } from "./option-table.ts";

/** What a server file says: settings alone, its hooks are read by those who call them. */
export interface FileSettings {
  readonly file: string;
  readonly application?: string;
  readonly settings: Partial<ServeSettings>;
}

const NAMES = ["tsjango.server.ts", "tsjango.server.js", "tsjango.server.mjs"];
const KEYS: readonly string[] = ["application", ...Object.keys(OPTION_TABLE), ...HOOK_NAMES];

/** The server file of a project, or the one that `--config` names. */
export function findServerFile(named: string | undefined, cwd: string, project: string): string | undefined {
  if (named === undefined) return NAMES.map((name) => resolve(project, name)).find((file) => existsSync(file));
  const file = resolve(cwd, named);
  if (existsSync(file)) return file;
  throw new UsageError(`There is no file ${file} (--config). Name one that exports defineServer({ … }).`);
}

/**
 * Reads and checks a server file; `version` tells one reading of a process from the next.
 * @throws UsageError naming an unknown key with the nearest known one, or a wrong value; CommandError where it throws.
 */
export async function readServerFile(file: string, cwd: string, version: number): Promise<FileSettings> {
  const name = relative(cwd, file);
  let module: { default?: unknown };
  try {
    module = await import(pathToFileURL(file).href + (version === 0 ? "" : `?v=${version}`));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(`Importing ${name} failed: ${reason}`, { cause });
  }
  const content = module.default;
  if (typeof content !== "object" || content === null) {
    throw new UsageError(`${name} has no default export. Write: export default defineServer({ workers: "auto" });`);
  }
  const settings: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(content)) {
    if (!KEYS.includes(key)) throw new UsageError(`${name}: there is no option "${key}".${didYouMean(key, KEYS)}`);
    if (value !== undefined) settings[key] = checked(key, value, name);
  }
  for (const hook of HOOK_NAMES) delete settings[hook];
  const { application, ...rest } = settings;
  return { file, settings: rest, ...(application !== undefined && { application: application as string }) };
}

function checked(key: string, value: unknown, file: string): unknown {
  const option = Object.hasOwn(OPTION_TABLE, key) ? OPTION_TABLE[key as keyof ServeSettings] : undefined;
  if (option !== undefined) {
    const read = option.reader.read(value);
    if (read !== undefined) return read;
    throw new UsageError(`${file}: ${key} takes ${option.reader.expects}; found ${JSON.stringify(value)}.`);
  }
  const wanted = key === "application" ? "string" : "function";
  if (typeof value === wanted) return value;
  throw new UsageError(`${file}: ${key} takes a ${wanted}; found ${JSON.stringify(value)}.`);
}
