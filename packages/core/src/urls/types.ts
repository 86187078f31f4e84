import type { HttpRequest } from "../http/request.ts";
import type { CompiledRoute } from "./route.ts";

/**
 * The types that a route's converters give: `<int:year>` is a number. Packages and projects add those of their own:
 * `declare module "tsjango/urls" { interface Converters { year: number } }`.
 */
export interface Converters {
  str: string;
  int: number;
  slug: string;
  uuid: string;
  path: string;
}

/**
 * Where a project tells the framework of its URLs, so that `reverse` checks names and parameters:
 * `declare module "tsjango/urls" { interface Register { urlconf: typeof urlpatterns } }`.
 */
export interface Register {}

/**
 * A view as `path` takes it. What it returns is checked when it runs: were it checked here, a view that calls `reverse`
 * would depend on the type of its own URL.
 */
// biome-ignore lint/suspicious/noExplicitAny: a checked return type makes `reverse` circular (TS2456)
export type ViewFunction<P = object> = (request: HttpRequest, params: P) => any;

/** A URL pattern, made by `path`. */
export interface UrlPattern<R extends string = string, N extends string | undefined = string | undefined> {
  readonly route: R;
  readonly name: N;
  readonly view: ViewFunction<never>;
  /** Parameters that the view gets besides those of the route. */
  readonly extra: Readonly<Record<string, unknown>> | undefined;
  readonly compiled: CompiledRoute;
}

/** Patterns to be mounted, made by `include`. */
export interface Include<
  L extends UrlList = UrlList,
  NS extends string | undefined = string | undefined,
  A extends string | undefined = string | undefined,
> {
  readonly patterns: L;
  /** The name of this mount. */
  readonly namespace: NS;
  /** The name of the app, which may be mounted several times. */
  readonly appName: A;
}

/** Patterns mounted under a prefix, made by `path` with `include`. */
export interface UrlInclude<
  R extends string = string,
  L extends UrlList = UrlList,
  NS extends string | undefined = string | undefined,
  A extends string | undefined = string | undefined,
> {
  readonly route: R;
  readonly include: Include<L, NS, A>;
  readonly compiled: CompiledRoute;
}

/** An entry of `urlpatterns`. */
export type UrlEntry = UrlPattern | UrlInclude<string, UrlList>;

/** What `urls` makes. */
export type UrlList = readonly unknown[];

/** A mistake in a route, as the compiler shows it. */
export interface RouteError<Message extends string> {
  readonly "error in the route": Message;
}

type Known = keyof Converters & string;

/** `unknown` for a good route; else an error that names the mistake. */
export type CheckRoute<R extends string> = string extends R
  ? unknown
  : R extends `${string}<${infer Rest}`
    ? Rest extends `${infer Inside}>${infer Tail}`
      ? Inside extends `${infer C}:${string}`
        ? C extends Known
          ? CheckRoute<Tail>
          : RouteError<`there is no converter "${C}"; there are str, int, slug, uuid, path and those of interface Converters`>
        : CheckRoute<Tail>
      : RouteError<'a "<" without ">"'>
    : unknown;

type Value<C> = C extends keyof Converters ? Converters[C] : never;

/** The parameters of a route: `"<int:year>/<slug>/"` gives `{ year: number; slug: string }`. */
export type RouteParams<R extends string> = R extends `${string}<${infer Inside}>${infer Rest}`
  ? (Inside extends `${infer C}:${infer Name}` ? { [K in Name]: Value<C> } : { [K in Inside]: string }) &
      RouteParams<Rest>
  : {};

/** The named groups of a regular expression. */
type GroupNames<R extends string> = R extends `${string}(?<${infer After}`
  ? After extends `=${infer Rest}` | `!${infer Rest}`
    ? GroupNames<Rest>
    : After extends `${infer Name}>${infer Rest}`
      ? Name | GroupNames<Rest>
      : never
  : never;

/** A regular expression in which a group may take no part in a match. */
type Optional = `${string}${")?" | ")*" | "){0," | "|"}${string}`;

/** The parameters of a regular expression's source: its named groups; `| undefined` where some may be missing. */
export type RegexParams<R extends string> = {
  [K in GroupNames<R>]: R extends Optional ? string | undefined : string;
};

/** The parameters that a view of `rePath` gets; of an expression that the compiler does not see, any. */
// biome-ignore lint/suspicious/noExplicitAny: a RegExp's groups are not in its type
export type GroupParams<R extends string, E = {}> = string extends R ? any : Flat<RegexParams<R> & E>;

/** The parameters that a pattern's options add. */
export type ExtraOf<O> = O extends { readonly extra: infer E extends object } ? E : {};

/** The name in a pattern's options. */
export type NameOf<O> = O extends { readonly name: infer N extends string } ? N : undefined;

/** What `path` makes: a pattern, or an include where L is one's list. */
export type Entry<
  R extends string,
  N extends string | undefined,
  L extends UrlList,
  NS extends string | undefined,
  A extends string | undefined,
> = [L] extends [never] ? UrlPattern<R, N> : UrlInclude<R, L, NS, A>;

/** What `rePath` makes. */
export type RegexEntry<
  R extends string,
  N extends string | undefined,
  L extends UrlList,
  NS extends string | undefined,
  A extends string | undefined,
> = [L] extends [never] ? RegexPattern<R, N> : RegexInclude<R, L, NS, A>;

/** A route of `rePath`, marked so that `reverse` reads its parameters as those of a regular expression. */
export interface RegexPattern<R extends string = string, N extends string | undefined = string | undefined>
  extends Omit<UrlPattern<string, N>, "route"> {
  readonly route: string;
  readonly regex: R;
}

export type Flat<T> = { [K in keyof T]: T[K] };

/** Patterns that `rePath` mounts. */
export interface RegexInclude<
  R extends string = string,
  L extends UrlList = UrlList,
  NS extends string | undefined = string | undefined,
  A extends string | undefined = string | undefined,
> extends Omit<UrlInclude<string, L, NS, A>, "route"> {
  readonly route: string;
  readonly regexPrefix: R;
}

type Given<P> = { [K in keyof P as undefined extends P[K] ? never : K]: P[K] } & {
  [K in keyof P as undefined extends P[K] ? K : never]?: P[K];
};

type Mounted<Prefix extends string, NS, A> = NS extends string
  ? `${Prefix}${NS | (A extends string ? A : never)}:`
  : Prefix;

type Entries<E, Prefix extends string, P> =
  E extends RegexInclude<infer R, infer L, infer NS, infer A>
    ? Entries<L[number], Mounted<Prefix, NS, A>, P & Given<RegexParams<R>>>
    : E extends UrlInclude<infer R, infer L, infer NS, infer A>
      ? Entries<L[number], Mounted<Prefix, NS, A>, P & RouteParams<R>>
      : E extends RegexPattern<infer R, infer N>
        ? N extends string
          ? [`${Prefix}${N}`, Flat<P & Given<RegexParams<R>>>]
          : never
        : E extends UrlPattern<infer R, infer N>
          ? N extends string
            ? [`${Prefix}${N}`, Flat<P & RouteParams<R>>]
            : never
          : never;

/** The named routes of a list of patterns, and their parameters. */
export type RoutesOf<L extends UrlList> = { [E in Entries<L[number], "", {}> as E[0]]: E[1] };

type Registered = Register extends { urlconf: infer L extends UrlList } ? RoutesOf<L> : AnyRoutes;

/** Without a registered urlconf, any name and any parameters are taken. */
export interface AnyRoutes {
  readonly [name: string]: Readonly<Record<string, unknown>>;
}

/** What can be added to a reversed URL. */
export interface ReverseOptions {
  readonly query?: Readonly<Record<string, string | number | boolean | readonly (string | number)[]>> | undefined;
  /** Which mount of an app is meant by the app's name: its namespace. */
  readonly currentApp?: string | undefined;
  /** Without "#". */
  readonly fragment?: string | undefined;
}

/** The names that `reverse` knows. */
export type RouteName<T = Registered> = keyof T & string;

/** The arguments of `reverse` after the name. */
export type RouteArguments<N extends PropertyKey, T = Registered> = N extends keyof T
  ? {} extends T[N]
    ? [params?: T[N], options?: ReverseOptions]
    : [params: T[N], options?: ReverseOptions]
  : never;
