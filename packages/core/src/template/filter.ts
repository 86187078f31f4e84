import { type Context, type Liquid, TokenKind } from "liquidjs";
import { SafeString } from "./safe-string.ts";

/** What a filter may ask of the place it stands in. */
export interface FilterContext {
  /** Whether what it gives is escaped: false within `{% autoescape off %}`. */
  readonly autoescape: boolean;
}

/** Turns a value, with the arguments after the colon, into another; a promise is awaited. */
export type FilterFunction<Value = never, Args extends readonly unknown[] = never[]> = (
  this: FilterContext,
  value: Value,
  ...args: Args
) => unknown;

/** A filter with what templates must know of it. */
export interface TemplateFilter {
  readonly apply: FilterFunction;
  /** Whether it brings no HTML into a text that is safe: then a SafeString stays one. */
  readonly isSafe: boolean;
}

/** What `filter` may be told. */
export interface FilterOptions {
  /** Whether the filter brings no `<`, `>`, `&` or quotes into a text that has none. Default false. */
  readonly isSafe?: boolean;
}

/**
 * A filter of an app's template library.
 * @example
 * const initials = filter((name: string) => name.split(" ").map((part) => part[0]).join(""), { isSafe: true });
 */
export function filter<Value, Args extends readonly unknown[]>(
  apply: FilterFunction<Value, Args>,
  { isSafe = false }: FilterOptions = {},
): TemplateFilter {
  return { apply: apply as unknown as FilterFunction, isSafe };
}

/** The register that `{% autoescape %}` writes to. */
const AUTOESCAPE = "tsjango.autoescape";

/** Whether a rendering escapes where it is now. */
export function isAutoescaped(context: Context): boolean {
  return context.getRegister(AUTOESCAPE) !== "off";
}

/** Sets it; gives what it was. */
export function setAutoescape(context: Context, on: boolean): boolean {
  const former = isAutoescaped(context);
  context.setRegister(AUTOESCAPE, on ? "on" : "off");
  return former;
}

interface Place {
  readonly context: Context;
  readonly token: { readonly args: readonly unknown[] };
}

/** A text that a template's author wrote: it is HTML, and a backslash in it escapes quotes and backslashes only. */
export function literal(token: unknown): SafeString | undefined {
  const { kind, input, begin, end } = token as { kind?: number; input: string; begin: number; end: number };
  if (kind !== TokenKind.Quoted) return undefined;
  return new SafeString(input.slice(begin + 1, end - 1).replace(/\\(["'\\])/g, "$1"));
}

/** The literals among a filter's arguments, read once for each place in a template. */
const literals = new WeakMap<readonly unknown[], readonly (SafeString | undefined)[]>();

function literalsOf(args: readonly unknown[]): readonly (SafeString | undefined)[] {
  let read = literals.get(args);
  if (read === undefined) {
    read = args.map(literal);
    literals.set(args, read);
  }
  return read;
}

/** Gives an engine a filter. */
export function registerFilter(liquid: Liquid, name: string, { apply, isSafe }: TemplateFilter): void {
  liquid.registerFilter(name, function filter(this: Place, value: unknown, ...args: unknown[]) {
    const { context } = this;
    const place: FilterContext = {
      get autoescape() {
        return isAutoescaped(context);
      },
    };
    const written = literalsOf(this.token.args);
    const given = args.map((arg, index) => written[index] ?? arg);
    const result = apply.call(place, value as never, ...(given as never[]));
    return isSafe && value instanceof SafeString && typeof result === "string" ? new SafeString(result) : result;
  });
}
