import { AsyncLocalStorage } from "node:async_hooks";
import type { Liquid } from "liquidjs";

const noted = new AsyncLocalStorage<Set<string>>();

/** Runs `run` and gathers the names of the templates that it renders, those they extend and include among them. */
export function notingTemplates<T>(names: Set<string>, run: () => T): T {
  return noted.run(names, run);
}

/** Notes a template for who gathers. */
export function noteTemplate(name: string): void {
  noted.getStore()?.add(name);
}

/** Notes what this engine's templates extend and include. */
export function noteReferences(liquid: Liquid): void {
  for (const method of ["_parsePartialFile", "_parseLayoutFile"] as const) {
    const parse = liquid[method].bind(liquid);
    liquid[method] = (name, ...rest) => {
      noteTemplate(name);
      return parse(name, ...rest);
    };
  }
}
