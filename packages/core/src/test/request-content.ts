/** One value of a query. */
export type QueryValue = string | number | boolean;

/** Names and values of a query; several values of one name in a list. */
export type QueryValues = Readonly<Record<string, QueryValue | readonly QueryValue[]>>;

/** One field's value, or several of the same name. A `File` or `Blob` makes the form multipart. */
export type FormValue = QueryValue | Blob | readonly (QueryValue | Blob)[];

/** What a request carries: one of these, or nothing. */
export interface RequestContent {
  /** Sent as `application/json`. */
  readonly json?: unknown;
  /** Sent as `application/x-www-form-urlencoded`; with a file in it, or as `FormData`, as `multipart/form-data`. */
  readonly form?: Readonly<Record<string, FormValue>> | FormData;
  /** Sent as it is; name its type in `headers`. */
  readonly body?: string | Uint8Array;
}

/** The content as the platform takes it, and its type where it is known. */
export function encodeContent({ json, form, body }: RequestContent): {
  readonly body?: string | Uint8Array | FormData | undefined;
  readonly contentType?: string;
} {
  if (json !== undefined) return { body: JSON.stringify(json), contentType: "application/json" };
  if (form === undefined) return { body };
  const encoded = encodeForm(form);
  // The platform chooses the boundary, and names it in the type.
  if (typeof encoded !== "string") return { body: encoded };
  return { body: encoded, contentType: "application/x-www-form-urlencoded" };
}

function encodeForm(form: Readonly<Record<string, FormValue>> | FormData): string | FormData {
  if (form instanceof FormData) return form;
  const pairs = fields(form);
  if (!pairs.some(([, value]) => value instanceof Blob)) {
    return new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString();
  }
  const data = new FormData();
  for (const [name, value] of pairs) {
    if (value instanceof Blob) data.append(name, value);
    else data.append(name, String(value));
  }
  return data;
}

/** Adds a query's values to those that a URL has. */
export function appendQuery(url: URL, query: QueryValues = {}): void {
  for (const [name, value] of fields(query)) url.searchParams.append(name, String(value));
}

function fields<T extends QueryValue | Blob>(values: Readonly<Record<string, T | readonly T[]>>): [string, T][] {
  return Object.entries(values).flatMap(([name, value]) =>
    [value].flat().map((item): [string, T] => [name, item as T]),
  );
}
