import { pathToFileURL } from "node:url";
import type { ServeHooks } from "./hooks.ts";

/** The hooks of a server file, as it is now; `version` tells one reading from the next. */
export async function importHooks(file: string | undefined, version = 0): Promise<ServeHooks> {
  if (file === undefined) return {};
  const query = version === 0 ? "" : `?v=${version}`;
  const module = (await import(pathToFileURL(file).href + query)) as { readonly default?: ServeHooks };
  return module.default ?? {};
}
