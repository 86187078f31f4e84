import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { didYouMean } from "@tsjango/kernel/utils";
import { type Converter, converters } from "./converters.ts";

/** A parameter of a route. */
export interface RouteParameter {
  readonly name: string;
  readonly converter: Converter;
  /** What its text looks like, from beginning to end. */
  readonly shape: RegExp;
}

/** A route taken apart: literal texts and parameters in turn. */
export type RouteParts = readonly (string | RouteParameter)[];

/** Where a route ended in a path, and the values it read. */
export interface RouteMatch {
  readonly end: number;
  readonly params: Readonly<Record<string, unknown>> | undefined;
}

/** What `path` and `rePath` make of a route. */
export interface CompiledRoute {
  readonly source: string;
  /** What paths are made of: one template, or several where a regular expression has parts that may be missing. */
  readonly templates: readonly RouteParts[];
  /** Whether a made path must be matched again: a regular expression says more than its template. */
  readonly verify: boolean;
  /** The text that every match begins with. */
  readonly literal: string;
  /** Whether that text is the whole path. */
  readonly exact: boolean;
  /** Matches `path` from `at` on; undefined where the route, or one of its converters, does not fit. */
  match(path: string, at: number): RouteMatch | undefined;
}

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A parameter of a checked name. */
export function routeParameter(name: string, converter: Converter): RouteParameter {
  return { name, converter, shape: new RegExp(`^(?:${converter.pattern})$`) };
}

/** Throws for a name that cannot be a parameter's. `names` are those before it. */
export function checkParameterName(name: string, names: ReadonlySet<string>, where: string): void {
  if (!IDENTIFIER.test(name) || name === "__proto__") {
    throw new ImproperlyConfigured(`${where} has a parameter named "${name}"; a name is letters, digits and "_".`);
  }
  if (names.has(name)) throw new ImproperlyConfigured(`${where} uses the parameter name "${name}" twice.`);
}

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
        `${where} uses an unknown converter "${kind}".${didYouMean(kind, known)} There are: ${known.join(", ")}. ` +
          "One of your own is added by registerConverter, before the route is made.",
      );
    }
    checkParameterName(name, names, where);
    names.add(name);
    parts.push(routeParameter(name, converter));
    at = close + 1;
  }
  if (at < route.length) parts.push(route.slice(at));
  return parts;
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/** A compiled route such as `archive/<int:year>/`. */
export class Route implements CompiledRoute {
  readonly source: string;
  readonly templates: readonly RouteParts[];
  readonly verify = false;
  readonly literal: string;
  readonly exact: boolean;
  readonly parameters: readonly RouteParameter[];
  readonly #pattern: RegExp | undefined;
  readonly #whole: boolean;

  /** @param whole Whether the route must reach the path's end; those of `include` need not. */
  constructor(source: string, whole: boolean) {
    this.source = source;
    this.#whole = whole;
    const parts = parseRoute(source);
    this.templates = [parts];
    this.parameters = parts.filter((part) => typeof part !== "string");
    const first = parts[0];
    this.literal = typeof first === "string" ? first : "";
    this.exact = whole && this.parameters.length === 0;
    if (this.parameters.length > 0) {
      const body = parts.map((part) => (typeof part === "string" ? escapeRegExp(part) : `(${part.converter.pattern})`));
      this.#pattern = new RegExp(body.join("") + (whole ? "$" : ""), "y");
    }
  }

  match(path: string, at: number): RouteMatch | undefined {
    if (!path.startsWith(this.literal, at)) return undefined;
    const pattern = this.#pattern;
    if (pattern === undefined) {
      const end = at + this.literal.length;
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
