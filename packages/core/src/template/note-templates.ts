import { AsyncLocalStorage } from "node:async_hooks";
import type { Liquid } from "liquidjs";

/** What was rendered, and what with. */
export class RenderedTemplates {
  readonly names = new Set<string>();
  /** The values that templates were given, by name; of several with one name, the first. */
  readonly context: Record<string, unknown> = {};
}

const noted = new AsyncLocalStorage<RenderedTemplates>();

/** Runs `run` and gathers the templates that it renders, those they extend and include among them. */
export function notingTemplates<T>(rendered: RenderedTemplates, run: () => T): T {
  return noted.run(rendered, run);
}

/** Notes a template for who gathers. */
export function noteTemplate(name: string, context: object = {}): void {
  const rendered = noted.getStore();
  if (rendered === undefined) return;
  rendered.names.add(name);
  for (const [key, value] of Object.entries(context))
    if (!Object.hasOwn(rendered.context, key)) rendered.context[key] = value;
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
