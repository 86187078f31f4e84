/** What every scope of the bridges says of ASGI. */
export const ASGI: Readonly<{ version: "3.0"; specVersion: "2.5" }> = Object.freeze({
  version: "3.0",
  specVersion: "2.5",
} as const);

/** What a response may do beyond the core, by whether its client takes trailers. HTTP/1.0 knows neither. */
export const HINTS: Readonly<Record<string, unknown>> = Object.freeze({
  "http.response.early_hint": Object.freeze({}),
});
/** The same for a client that takes trailers. */
export const HINTS_AND_TRAILERS: Readonly<Record<string, unknown>> = Object.freeze({
  ...HINTS,
  "http.response.trailers": Object.freeze({}),
});
