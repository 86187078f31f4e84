import { STATUS_CODES } from "node:http";
import { describeValue } from "@tsjango/kernel/utils";
import { InvalidContent } from "../exceptions.ts";
import { type CookieOptions, serializeCookie } from "./cookies.ts";
import type { HttpRequest } from "./request.ts";
import { type HeaderPair, headerPair, ResponseHeaders } from "./response-headers.ts";
import { cookieSigner } from "./signing.ts";
import { refuseThenable } from "./unawaited.ts";

/** What every response may be told. */
export interface ResponseOptions {
  readonly status?: number | undefined;
  /** Default: "text/html; charset=utf-8". */
  readonly contentType?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | Iterable<readonly [string, string]> | undefined;
}

/** A piece of a body; strings are sent as UTF-8. */
export type BodyPiece = string | Uint8Array;

const HTML = headerPair("content-type", "text/html; charset=utf-8");

/** Types sent before; those of a site are few. */
const types = new Map<string, HeaderPair>();
const MAX_TYPES = 100;

function typePair(contentType: string): HeaderPair {
  let pair = types.get(contentType);
  if (pair === undefined) {
    pair = headerPair("content-type", contentType);
    if (types.size < MAX_TYPES) types.set(contentType, pair);
  }
  return pair;
}

/** What all responses share: a status, headers and cookies. */
export abstract class BaseResponse {
  /** The status of responses of this class that are told none. */
  static readonly status: number = 200;
  status: number;
  readonly headers: ResponseHeaders = new ResponseHeaders();
  #cookies: Map<string, string> | undefined;

  constructor(options: ResponseOptions = {}) {
    const status = options.status ?? new.target.status;
    if (!Number.isInteger(status) || status < 200 || status > 599) {
      throw new InvalidContent(`A response status is a number from 200 to 599; found ${describeValue(status)}.`);
    }
    this.status = status;
    if (options.headers !== undefined) {
      const pairs = Symbol.iterator in options.headers ? options.headers : Object.entries(options.headers);
      for (const [name, value] of pairs as Iterable<readonly [string, string]>) this.headers.append(name, value);
    }
    if (options.contentType !== undefined) this.headers.setPair(typePair(options.contentType));
    else this.headers.setDefaultPair(HTML);
  }

  /** Sets a cookie; a later one of the same name, path and domain replaces it. */
  setCookie(name: string, value: string, options: CookieOptions = {}): this {
    this.#cookies ??= new Map();
    const key = `${name};${options.domain ?? ""};${options.path ?? "/"}`;
    this.#cookies.set(key, serializeCookie(name, value, options));
    return this;
  }

  /**
   * Sets a cookie that nobody can change unnoticed; `request.signedCookie` with the same salt reads it. Its value can be
   * read by anybody who has it.
   */
  setSignedCookie(name: string, value: string, options: CookieOptions & { readonly salt?: string } = {}): this {
    return this.setCookie(name, cookieSigner(name, options.salt ?? "").sign(value), options);
  }

  /** Tells the browser to forget a cookie; give the path and domain it was set with. */
  deleteCookie(name: string, options: Pick<CookieOptions, "path" | "domain" | "sameSite" | "secure"> = {}): this {
    // Browsers refuse to touch such cookies without Secure.
    const secure = options.secure ?? (/^__(secure|host)-/i.test(name) || options.sameSite === "none");
    return this.setCookie(name, "", { ...options, secure, maxAge: 0, expires: new Date(0) });
  }

  /** What the status means: "Not Found". HTTP/2 and ASGI send the number alone. */
  get reasonPhrase(): string {
    return STATUS_CODES[this.status] ?? "Unknown Status Code";
  }

  /** Called once the view is done, before the middleware sees the response: to have it fit the request. */
  prepare(_request: HttpRequest): Promise<void> | undefined {
    return undefined;
  }

  /** Headers and cookies as ASGI sends them. */
  headerPairs(): HeaderPair[] {
    const pairs = this.headers.toPairs();
    if (this.#cookies !== undefined) for (const cookie of this.#cookies.values()) pairs.push(["set-cookie", cookie]);
    return pairs;
  }
}

/**
 * An answer whose body is known.
 * Source: https://docs.djangoproject.com/en/5.2/ref/request-response/#httpresponse-objects
 * @example
 * return new HttpResponse("<h1>Hello</h1>");
 * return new HttpResponse(csv, { contentType: "text/csv", headers: { "content-disposition": "attachment" } });
 */
export class HttpResponse extends BaseResponse {
  #content: BodyPiece;

  constructor(content: BodyPiece = "", options: ResponseOptions = {}) {
    super(options);
    this.#content = checkedContent(content, new.target.name);
  }

  /** The body. */
  get content(): BodyPiece {
    return this.#content;
  }

  set content(value: BodyPiece) {
    this.#content = checkedContent(value, this.constructor.name);
  }

  /** The body as text. */
  get text(): string {
    return typeof this.#content === "string" ? this.#content : new TextDecoder().decode(this.#content);
  }
}

function checkedContent(content: unknown, receiver: string): BodyPiece {
  if (typeof content === "string" || content instanceof Uint8Array) return content;
  refuseThenable(content, receiver);
  throw new InvalidContent(
    `${receiver} takes a string or a Uint8Array; found ${describeValue(content)}. ` +
      "Use JsonResponse for data, StreamingHttpResponse for an iterable.",
  );
}

/**
 * An answer sent piece by piece, as an async iterable, an iterable or a web stream gives them; the next piece is asked
 * for when the client has taken the one before. The client's going away ends the iteration.
 * @example
 * return new StreamingHttpResponse(rows(), { contentType: "text/csv" }); // async function* rows() { … }
 */
export class StreamingHttpResponse extends BaseResponse {
  /** Middleware may put another in its place, such as one that compresses it. */
  streamingContent: AsyncIterable<BodyPiece> | Iterable<BodyPiece>;

  constructor(content: AsyncIterable<BodyPiece> | Iterable<BodyPiece>, options: ResponseOptions = {}) {
    super(options);
    const iterable: unknown = content;
    refuseThenable(iterable, new.target.name);
    if (
      typeof iterable !== "object" ||
      iterable === null ||
      !(Symbol.asyncIterator in iterable || Symbol.iterator in iterable)
    ) {
      throw new InvalidContent(
        `${new.target.name} takes an async iterable or an iterable of strings; found ${describeValue(content)}.`,
      );
    }
    this.streamingContent = content;
  }
}
