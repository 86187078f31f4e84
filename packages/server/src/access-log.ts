import { hostname } from "node:os";
import { InvalidLogFormat } from "./exceptions.ts";

/** One answered request, as the access log sees it. */
export interface AccessRecord {
  /** The address at the other end of the connection; undefined over a unix socket. */
  readonly client: string | undefined;
  readonly method: string;
  /** As it was sent. */
  readonly target: string;
  /** "HTTP/1.1". */
  readonly protocol: string;
  /** 499 where the client left before its answer began. */
  readonly status: number;
  /** Bytes of the answer's body on the wire. */
  readonly bytes: number;
  readonly milliseconds: number;
  /** When it was answered. */
  readonly time: Date;
  requestHeader(name: string): string | undefined;
  responseHeader(name: string): string | undefined;
}

/** Writes a record as a line. */
export type AccessLogFormat = (record: AccessRecord) => string;

/** `127.0.0.1 - "GET / HTTP/1.1" 200 12 ms`. */
export const DEFAULT_FORMAT = '%(h)s - "%(r)s" %(s)s %(M)s ms';

/** Shows what could forge or garble a log line as escapes. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]|["\\]/g, (character) => {
    const code = character.charCodeAt(0);
    return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `[21/Nov/2026:14:39:38 +0000]`. */
function commonTime(time: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const date = `${two(time.getUTCDate())}/${MONTHS[time.getUTCMonth()]}/${time.getUTCFullYear()}`;
  return `[${date}:${two(time.getUTCHours())}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())} +0000]`;
}

function userOf(record: AccessRecord): string {
  const basic = /^basic (.+)$/i.exec(record.requestHeader("authorization") ?? "")?.[1];
  return (basic && Buffer.from(basic, "base64").toString().split(":", 1)[0]) || "-";
}

function pathOf({ target }: AccessRecord): [path: string, query: string] {
  const question = target.indexOf("?");
  return question === -1 ? [target, ""] : [target.slice(0, question), target.slice(question + 1)];
}

type Atom = (record: AccessRecord) => string | number;

/** Source: gunicorn's setting `access_log_format`. */
const ATOMS: Readonly<Record<string, Atom>> = {
  h: ({ client }) => client ?? "-",
  l: () => "-",
  u: userOf,
  t: ({ time }) => commonTime(time),
  r: ({ method, target, protocol }) => `${method} ${target} ${protocol}`,
  s: ({ status }) => status,
  m: ({ method }) => method,
  U: (record) => pathOf(record)[0],
  q: (record) => pathOf(record)[1],
  H: ({ protocol }) => protocol,
  b: ({ bytes }) => (bytes === 0 ? "-" : bytes),
  B: ({ bytes }) => bytes,
  f: (record) => record.requestHeader("referer") ?? "-",
  a: (record) => record.requestHeader("user-agent") ?? "-",
  T: ({ milliseconds }) => Math.floor(milliseconds / 1000),
  M: ({ milliseconds }) => Math.round(milliseconds),
  D: ({ milliseconds }) => Math.round(milliseconds * 1000),
  L: ({ milliseconds }) => (milliseconds / 1000).toFixed(6),
  p: () => `<${process.pid}>`,
};

/** `{referer}i` is a request's header, `{etag}o` a response's, `{HOME}e` a variable of the environment. */
function atomOf(name: string, format: string): Atom {
  const known = Object.hasOwn(ATOMS, name) ? ATOMS[name] : undefined;
  if (known !== undefined) return known;
  const [, inner = "", kind] = /^\{([\w-]+)\}([ioe])$/.exec(name) ?? [];
  if (kind === "i") return (record) => record.requestHeader(inner.toLowerCase()) ?? "-";
  if (kind === "o") return (record) => record.responseHeader(inner.toLowerCase()) ?? "-";
  if (kind === "e") return () => process.env[inner] ?? "-";
  throw new InvalidLogFormat(
    `The access log's format ${JSON.stringify(format)} has the unknown atom %(${name})s. ` +
      `There are ${Object.keys(ATOMS).join(" ")}, and {header}i, {header}o, {variable}e.`,
  );
}

/**
 * Makes a format of gunicorn's atoms, such as `%(h)s "%(r)s" %(s)s`, or of the word "json".
 * @throws InvalidLogFormat for an atom that there is not.
 */
export function accessLogFormat(format: string = DEFAULT_FORMAT): AccessLogFormat {
  if (format === "json") return json;
  const parts = format.split(/%\(([^)]*)\)s/);
  const pieces = parts.map((part, index) => (index % 2 === 0 ? part : atomOf(part, format)));
  return (record) => {
    let line = "";
    for (const piece of pieces) line += typeof piece === "string" ? piece : printable(String(piece(record)));
    return line;
  };
}

const HOST = hostname();

function json(record: AccessRecord): string {
  const [path, query] = pathOf(record);
  return JSON.stringify({
    time: record.time.toISOString(),
    client: record.client ?? null,
    method: record.method,
    path,
    query,
    protocol: record.protocol,
    status: record.status,
    bytes: record.bytes,
    ms: Math.round(record.milliseconds * 1000) / 1000,
    host: record.requestHeader("host") ?? null,
    referer: record.requestHeader("referer") ?? null,
    userAgent: record.requestHeader("user-agent") ?? null,
    pid: process.pid,
    server: HOST,
  });
}
