import { AsgiProtocolError } from "../exceptions.ts";
import type { HeaderPairs } from "./types.ts";

/** Whether a response has no body bytes, whatever the application sends: RFC 9110, section 6.4.1. */
export function isBodiless(method: string, status: number): boolean {
  return method === "HEAD" || status === 204 || status === 304 || (status >= 100 && status < 200);
}

/** The length of a body piece on the wire. */
export function byteLength(body: Uint8Array | string): number {
  return typeof body === "string" ? Buffer.byteLength(body) : body.byteLength;
}

/** The `Content-Length` among the headers, or undefined. Throws when it is no number. */
export function declaredLength(headers: HeaderPairs): number | undefined {
  for (const [name, value] of headers) {
    if (name.length !== 14 || name.toLowerCase() !== "content-length") continue;
    if (/^\d+$/.test(value)) return Number(value);
    throw new AsgiProtocolError(`The response has the Content-Length ${JSON.stringify(value)}, which is no number.`);
  }
  return undefined;
}

/** The error for an event that may not follow what was sent so far. */
export function unexpectedEvent(event: unknown, state: string): AsgiProtocolError {
  const type: unknown = (event as { type?: unknown } | null | undefined)?.type;
  return new AsgiProtocolError(`An application sent ${JSON.stringify(type)} where ${state}.`);
}

/** The error for a body that is longer or shorter than its `Content-Length`. */
export function wrongLength(declared: number, sent: number): AsgiProtocolError {
  const word = sent > declared ? "more" : "fewer";
  return new AsgiProtocolError(`The response has ${word} bytes (${sent}) than its Content-Length says (${declared}).`);
}
