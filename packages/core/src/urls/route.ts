import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { didYouMean } from "@tsjango/kernel/utils";
import { type Converter, converters } from "./converters.ts";

/** A parameter of a route. */
export interface RouteParameter {
  readonly name: string;
  readonly converter: Converter;
}

/** A route taken apart: literal texts and parameters in turn. */
export type RouteParts = readonly (string | RouteParameter)[];

/** Where a route ended in a path, and the values it read. */
export interface RouteMatch {
  readonly end: number;
  readonly params: Readonly<Record<string, unknown>> | undefined;
}

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

function parseRoute(route: string): RouteParts {
  const parts: (string | RouteParameter)[] = [];
  const names = new Set<string>();
  let at = 0;
  for (let open = route.indexOf("<"); open !== -1; open = route.indexOf("<", at)) {
    const close = route.indexOf(">", open);
    const where = `The URL route ${JSON.stringify(route)}`;
    if (close === -1) throw new ImproperlyConfigured(`${where} has a "<" without ">".`);
    if (open > at) parts.push(route.slice(at, open));
    const inside = route.slice(open + 1, close);
    const colon = inside.indexOf(":");
    const kind = colon === -1 ? "str" : inside.slice(0, colon);
    const name = inside.slice(colon + 1);
    const converter = converters.get(kind);
    if (converter === undefined) {
      const known = [...converters.keys()];
      throw new ImproperlyConfigured(
        `${where} uses an unknown converter "${kind}".${didYouMean(kind, known)} There are: ${known.join(", ")}.`,
      );
    }
    if (!IDENTIFIER.test(name) || name === "__proto__") {
      throw new ImproperlyConfigured(`${where} has a parameter named "${name}"; a name is letters, digits and "_".`);
    }
    if (names.has(name)) throw new ImproperlyConfigured(`${where} uses the parameter name "${name}" twice.`);
    names.add(name);
    parts.push({ name, converter });
    at = close + 1;
  }
  if (at < route.length) parts.push(route.slice(at));
  return parts;
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/** A compiled route such as `archive/<int:year>/`. */
export class Route {
  readonly source: string;
  readonly parts: RouteParts;
  readonly parameters: readonly RouteParameter[];
  readonly #prefix: string;
  readonly #pattern: RegExp | undefined;
  readonly #whole: boolean;

  /** @param whole Whether the route must reach the path's end; those of `include` need not. */
  constructor(source: string, whole: boolean) {
    this.source = source;
    this.#whole = whole;
    this.parts = parseRoute(source);
    this.parameters = this.parts.filter((part) => typeof part !== "string");
    const first = this.parts[0];
    this.#prefix = typeof first === "string" ? first : "";
    if (this.parameters.length > 0) {
      const body = this.parts.map((part) =>
        typeof part === "string" ? escapeRegExp(part) : `(${part.converter.pattern})`,
      );
      this.#pattern = new RegExp(body.join("") + (whole ? "$" : ""), "y");
    }
  }

  /** Matches `path` from `at` on; undefined where the route, or one of its converters, does not fit. */
  match(path: string, at: number): RouteMatch | undefined {
    if (!path.startsWith(this.#prefix, at)) return undefined;
    const pattern = this.#pattern;
    if (pattern === undefined) {
      const end = at + this.#prefix.length;
      return this.#whole && end !== path.length ? undefined : { end, params: undefined };
    }
    pattern.lastIndex = at;
    const found = pattern.exec(path);
    if (found === null) return undefined;
    const params: Record<string, unknown> = {};
    for (let index = 0; index < this.parameters.length; index++) {
      const { name, converter } = this.parameters[index] as RouteParameter;
      const value = converter.parse(found[index + 1] as string);
      if (value === undefined) return undefined;
      params[name] = value;
    }
    return { end: at + found[0].length, params };
  }
}
