import { AsgiProtocolError } from "../exceptions.ts";
import type { HeaderPairs } from "./types.ts";

/** Whether a response has no body bytes, whatever the application sends: RFC 9110, section 6.4.1. */
export function isBodiless(method: string, status: number): boolean {
  return method === "HEAD" || isEmptyStatus(status);
}

/** Whether a response of this status never has a body. */
function isEmptyStatus(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

/** The length of a body piece on the wire. */
export function byteLength(body: Uint8Array | string): number {
  return typeof body === "string" ? Buffer.byteLength(body) : body.byteLength;
}

/** The headers that a response is framed by, as a flat list, and the length that the application declared. */
export interface Framing {
  readonly headers: string[];
  readonly declared: number | undefined;
}

/**
 * The application's headers without its framing: no `transfer-encoding`, one `content-length` that is a number, none
 * where the status has no body. A 205 says that it is empty (RFC 9110, section 15.3.6).
 */
export function frame(status: number, pairs: HeaderPairs | undefined): Framing {
  const headers: string[] = [];
  const empty = isEmptyStatus(status);
  let declared: number | undefined;
  if (pairs !== undefined) {
    for (let index = 0; index < pairs.length; index++) {
      const [name, value] = pairs[index] as readonly [string, string];
      if (typeof name !== "string" || typeof value !== "string") throw wrongHeader(name, value);
      if (name.length === 17 && name.toLowerCase() === "transfer-encoding") continue;
      if (name.length === 14 && name.toLowerCase() === "content-length") {
        if (!/^\d{1,15}$/.test(value) || (declared !== undefined && declared !== Number(value)))
          throw wrongNumber(value);
        if (empty || declared !== undefined) continue;
        declared = Number(value);
      }
      headers.push(name, value);
    }
  }
  if (status === 205) headers.push("content-length", "0");
  return { headers, declared };
}

function wrongHeader(name: unknown, value: unknown): AsgiProtocolError {
  return new AsgiProtocolError(
    `A response's headers are pairs of strings; found ${JSON.stringify(name)}: ${JSON.stringify(value)}.`,
  );
}

function wrongNumber(value: string): AsgiProtocolError {
  return new AsgiProtocolError(`The response has the Content-Length ${JSON.stringify(value)}, which is no number.`);
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
