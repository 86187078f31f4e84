import { type Context, type Filter, type Liquid, TokenKind } from "liquidjs";
import { drive } from "./drive.ts";
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

/** A rendering that knows whether it escapes; others always do. */
export interface Escaping {
  autoescape?: boolean;
}

/** Whether a rendering escapes where it is now. */
export function isAutoescaped(context: Context): boolean {
  return (context as Escaping).autoescape !== false;
}

/** Sets it; gives what it was. */
export function setAutoescape(context: Context, on: boolean): boolean {
  const former = isAutoescaped(context);
  (context as Escaping).autoescape = on;
  return former;
}

/** A text that a template's author wrote: it is HTML, and a backslash in it escapes quotes and backslashes only. */
export function literal(token: unknown): SafeString | undefined {
  const { kind, input, begin, end } = token as { kind?: number; input: string; begin: number; end: number };
  if (kind !== TokenKind.Quoted) return undefined;
  return new SafeString(input.slice(begin + 1, end - 1).replace(/\\(["'\\])/g, "$1"));
}

/** The place of a filter, as the filter sees it. */
class Place implements FilterContext {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  get autoescape(): boolean {
    return isAutoescaped(this.#context);
  }
}

type FilterHandler = Extract<Parameters<Liquid["registerFilter"]>[1], (...args: never[]) => unknown>;

/** What the engine keeps in a filter for itself. */
interface FilterParts {
  readonly handler: FilterHandler;
  readonly token: ThisParameterType<FilterHandler>["token"];
  readonly liquid: Liquid;
  readonly args: readonly unknown[];
}

/** Applies a filter at its place in a template to a value and to what its arguments are there. */
export type ApplyFilter = (context: Context, value: unknown, args: readonly unknown[]) => unknown;

/** The literals among the arguments are as they were written. */
function applied({ apply, isSafe }: TemplateFilter, args: readonly unknown[]): ApplyFilter {
  const literals = args.map(literal);
  const hasLiterals = literals.some((one) => one !== undefined);
  return (context, value, given) => {
    const all = hasLiterals ? given.map((arg, index) => literals[index] ?? arg) : given;
    const result = apply.call(new Place(context), value as never, ...(all as never[]));
    return isSafe && value instanceof SafeString && typeof result === "string" ? new SafeString(result) : result;
  };
}

/** The filters that were registered here, by what the engine has of them. */
const own = new WeakMap<FilterHandler, TemplateFilter>();

/** A filter at its place in a template. */
export function filterAt(filter: Filter): ApplyFilter {
  const { handler, token, liquid, args } = filter as unknown as FilterParts;
  const mine = own.get(handler);
  if (mine !== undefined) return applied(mine, args);
  return (context, value, given) => drive(handler.call({ context, token, liquid }, value, ...given));
}

/** Gives an engine a filter. */
export function registerFilter(liquid: Liquid, name: string, templateFilter: TemplateFilter): void {
  const places = new WeakMap<readonly unknown[], ApplyFilter>();
  const handler: FilterHandler = function filter(value, ...given) {
    const { args } = this.token;
    let apply = places.get(args);
    if (apply === undefined) {
      apply = applied(templateFilter, args);
      places.set(args, apply);
    }
    return apply(this.context, value, given);
  };
  own.set(handler, templateFilter);
  liquid.registerFilter(name, handler);
}
