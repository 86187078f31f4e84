import { activeSettings, settings } from "@tsjango/kernel/conf";
import { pathBelow } from "../asgi/mount.ts";
import { routedPath } from "../asgi/target.ts";
import type { HttpScope, Receive, Send } from "../asgi/types.ts";
import { BadSignature, DisallowedHost, UnsupportedMediaType } from "../exceptions.ts";
import type {} from "../settings.ts";
import type { ResolverMatch } from "../urls/resolver-match.ts";
import { type AcceptedType, parseAccept, qualityOf } from "./accept.ts";
import { parseCookies } from "./cookies.ts";
import { isAllowedHost } from "./host.ts";
import { parseJson } from "./parse-json.ts";
import { type Forwarded, readForwarded } from "./proxies.ts";
import { QueryDict } from "./query-dict.ts";
import { decodeUtf8, readContentType, readForm } from "./read-form.ts";
import { RequestBody, type RequestEncoding, tooBig } from "./request-body.ts";
import type { RequestForm } from "./request-form.ts";
import { cookieSigner } from "./signing.ts";
import type { StandardSchema } from "./standard-schema.ts";
import { validate } from "./validation-error.ts";

/** Types that are JSON underneath: `application/problem+json`. */
const JSON_TYPE = /^application\/[^/]+\+json$/;

/** Gives an empty body: for requests made in tests. */
async function noBody(): Promise<{ readonly type: "http.request" }> {
  return { type: "http.request" };
}

/**
 * What a client asks. Everything beyond method and path is computed when it is first read.
 * Source: https://docs.djangoproject.com/en/5.2/ref/request-response/#httprequest-objects
 */
export class HttpRequest {
  /** The ASGI scope it came in. */
  readonly scope: HttpScope;
  /** In upper case: "GET". */
  readonly method: string;
  /** Percent-decoded, without the query: "/books/7/". An encoded "/" stays "%2F". */
  readonly path: string;
  /** The part of `path` below the application's mount point. */
  readonly pathInfo: string;
  /** The pattern that matched, once the URL is resolved; middleware sees it after `await next(request)`. */
  resolverMatch: ResolverMatch | undefined;
  readonly #receive: Receive;
  readonly #send: Send | undefined;
  #requestBody: RequestBody | undefined;
  #form: Promise<RequestForm> | undefined;
  #forwarded: Forwarded | null | undefined;
  #query: QueryDict | undefined;
  #headers: Headers | undefined;
  #cookies: ReadonlyMap<string, string> | undefined;
  #host: string | undefined;

  constructor(scope: HttpScope, receive: Receive = noBody, send?: Send) {
    this.scope = scope;
    this.method = scope.method;
    this.path = routedPath(scope.path, scope.rawPath);
    this.pathInfo = scope.rootPath === "" ? this.path : pathBelow(this.path, scope.rootPath);
    this.#receive = receive;
    this.#send = send;
  }

  /** The query string's fields; `query.copy()` may be changed. @throws TooManyFieldsSent (400) */
  get query(): QueryDict {
    this.#query ??= QueryDict.parse(this.scope.queryString, settings.dataUploadMaxNumberFields).freeze();
    return this.#query;
  }

  /** The headers, as the web's `Headers`. */
  get headers(): Headers {
    if (this.#headers === undefined) {
      this.#headers = new Headers();
      for (const [name, value] of this.scope.headers) this.#headers.append(name, value);
    }
    return this.#headers;
  }

  /** One header's value, without building `headers`; several of the name are joined by ", ". */
  header(name: string): string | undefined {
    const wanted = name.toLowerCase();
    let found: string | undefined;
    for (const [key, value] of this.scope.headers) {
      if (key === wanted) found = found === undefined ? value : `${found}, ${value}`;
    }
    return found;
  }

  /** The cookies by name. */
  get cookies(): ReadonlyMap<string, string> {
    if (this.#cookies === undefined) {
      const lines = this.scope.headers.filter(([name]) => name === "cookie").map(([, value]) => value);
      this.#cookies = parseCookies(lines.join("; "));
    }
    return this.#cookies;
  }

  /**
   * The value of a cookie that `response.setSignedCookie` set; undefined where there is none, where it was changed, and
   * where it is older than `maxAge` seconds.
   */
  signedCookie(name: string, options: { readonly salt?: string; readonly maxAge?: number } = {}): string | undefined {
    const signed = this.cookies.get(name);
    if (signed === undefined) return undefined;
    try {
      return cookieSigner(name, options.salt ?? "").unsign(signed, options);
    } catch (error) {
      if (error instanceof BadSignature) return undefined;
      throw error;
    }
  }

  /** What a trusted proxy says, or null. */
  get #proxy(): Forwarded | null {
    if (this.#forwarded === undefined) {
      const { trustedProxies: trusted, proxyHeaders: headers } = activeSettings();
      this.#forwarded =
        trusted.length === 0
          ? null
          : (readForwarded(this.scope, (name) => this.header(name), { trusted, headers }) ?? null);
    }
    return this.#forwarded;
  }

  /**
   * The host and port that were asked for: "example.com:8000".
   * @throws DisallowedHost when it is not one of the setting `allowedHosts`.
   */
  get host(): string {
    if (this.#host === undefined) {
      const host = this.#proxy?.host ?? this.header("host") ?? serverHost(this.scope);
      const { allowedHosts, debug } = activeSettings();
      if (!isAllowedHost(host, allowedHosts, debug)) {
        throw new DisallowedHost(
          `The Host header ${JSON.stringify(host)} is not allowed. ` +
            `Add ${JSON.stringify(host.replace(/:\d+$/, "").toLowerCase())} to the setting allowedHosts if it is yours.`,
        );
      }
      this.#host = host;
    }
    return this.#host;
  }

  /** The port that was asked for; the scheme's own where none was named. */
  get port(): number {
    const port = /:(\d+)$/.exec(this.host)?.[1];
    return port === undefined ? (this.isSecure ? 443 : 80) : Number(port);
  }

  /** As the client sees it, where a trusted proxy says so. */
  get scheme(): "http" | "https" {
    return this.#proxy?.scheme ?? this.scope.scheme;
  }

  /** Whether it came over https. */
  get isSecure(): boolean {
    return this.scheme === "https";
  }

  /** The whole address, a fresh `URL` each time. Throws DisallowedHost as `host` does. */
  get url(): URL {
    return new URL(`${this.scheme}://${this.host}${this.fullPath}`);
  }

  /** A path or address as seen from this page: `request.absoluteUrl("/books/")` is "https://example.com/books/". */
  absoluteUrl(location = ""): string {
    // Two slashes at the start would name a host.
    return new URL(location.startsWith("//") ? location.replace(/^\/+/, "/") : location, this.url).href;
  }

  /** The path with the query, as it was sent. */
  get fullPath(): string {
    const { rawPath, queryString } = this.scope;
    return queryString === "" ? rawPath : `${rawPath}?${queryString}`;
  }

  /** The client's IP address, where a trusted proxy says so that of its client; null over a unix socket. */
  get clientAddress(): string | null {
    const proxy = this.#proxy;
    return proxy === null ? (this.scope.client?.[0] ?? null) : proxy.clientAddress;
  }

  /** The types that the client wants, best first. Nothing said is everything. */
  get acceptedTypes(): readonly AcceptedType[] {
    return parseAccept(this.header("accept") ?? "*/*");
  }

  /** Whether the client takes answers of this type: `request.accepts("application/json")`. */
  accepts(type: string): boolean {
    return qualityOf(type, this.acceptedTypes) > 0;
  }

  /** The one of `types` that the client prefers; the first of equals. Undefined where it wants none. */
  preferredType<const T extends string>(types: readonly T[]): T | undefined {
    const accepted = this.acceptedTypes;
    let best: T | undefined;
    let most = 0;
    for (const type of types) {
      const quality = qualityOf(type, accepted);
      if (quality > most) [best, most] = [type, quality];
    }
    return best;
  }

  /** The id of the last event that an interrupted stream of events brought the client. */
  get lastEventId(): string | undefined {
    return this.header("last-event-id");
  }

  /** The media type of the body, in lower case, without parameters; empty where none is given. */
  get contentType(): string {
    return (this.header("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  }

  get #body(): RequestBody {
    if (this.#requestBody === undefined) {
      const encoding = this.header("content-encoding")?.trim().toLowerCase() ?? "identity";
      if (encoding === "identity" || encoding === "") this.#requestBody = new RequestBody(this.#receive, undefined);
      else {
        if (!settings.requestEncodings.includes(encoding as RequestEncoding)) throw wrongEncoding(encoding);
        this.#requestBody = new RequestBody(this.#receive, encoding as RequestEncoding);
      }
    }
    return this.#requestBody;
  }

  /** Aborts when the client goes away before it has its answer. */
  get signal(): AbortSignal {
    return this.#body.signal(settings.dataUploadMaxMemorySize);
  }

  /**
   * The body's bytes; may be called again.
   * @throws RequestDataTooBig (413) beyond the setting `dataUploadMaxMemorySize`, UnreadableBody after `stream()`.
   */
  async body(): Promise<Uint8Array> {
    return await this.#bytes();
  }

  /** Not async: `text` and `json` wait for it themselves. */
  #bytes(): Promise<Uint8Array> {
    const limit = activeSettings().dataUploadMaxMemorySize;
    if (Number(this.header("content-length") ?? 0) > limit) throw tooBig(limit);
    return this.#body.bytes(limit);
  }

  /**
   * The body's bytes as they come, of any size, without being kept. Read it once, and instead of the others.
   * @example
   * for await (const chunk of request.stream()) hash.update(chunk);
   */
  stream(): AsyncGenerator<Uint8Array, void, undefined> {
    return this.#body.stream();
  }

  /** The body as UTF-8 text. */
  async text(): Promise<string> {
    return new TextDecoder().decode(await this.#bytes());
  }

  /**
   * The body as JSON. Give a schema to have it checked and typed.
   * @throws BadRequest (400), UnsupportedMediaType (415) for a body of another type
   */
  json(): Promise<unknown>;
  /**
   * The body as JSON, checked by any Standard Schema, such as zod's.
   * @throws RequestValidationError (400, the errors by field as JSON)
   */
  json<T>(schema: StandardSchema<T>): Promise<T>;
  async json<T>(schema?: StandardSchema<T>): Promise<unknown> {
    const type = readContentType(this.header("content-type"));
    if (type !== undefined && type.value !== "application/json" && !JSON_TYPE.test(type.value)) {
      throw new UnsupportedMediaType(
        `request.json() reads application/json; the body is ${JSON.stringify(type.value)}.`,
      );
    }
    const data = parseJson(decodeUtf8(await this.#bytes()));
    return schema === undefined ? data : validate(schema, data);
  }

  /**
   * The body as a form, URL-encoded or multipart, with its files; may be called again. Files last as long as the request.
   * @throws UnsupportedMediaType (415) for a body that is no form, BadRequest (400) for a malformed one,
   * RequestDataTooBig (413), TooManyFieldsSent and TooManyFilesSent (400) beyond the settings
   */
  form(): Promise<RequestForm>;
  /**
   * The body as a form, checked by any Standard Schema: it sees strings and `UploadedFile`s, and arrays of them where a
   * name was sent repeatedly.
   * @throws RequestValidationError (400, the errors by field as JSON)
   */
  form<T>(schema: StandardSchema<T>): Promise<T>;
  async form<T>(schema?: StandardSchema<T>): Promise<unknown> {
    this.#form ??= readForm(readContentType(this.header("content-type")), this.#body).then((form) => form.freeze());
    const form = await this.#form;
    return schema === undefined ? form : validate(schema, form.toSchemaInput());
  }

  /**
   * Tells the client, before the response is there, what its page will need: `Link` values. Resolves without doing
   * anything where the connection has no early hints, such as HTTP/1.0.
   * @example
   * await request.sendEarlyHints(["</style.css>; rel=preload; as=style"]);
   */
  async sendEarlyHints(links: readonly string[]): Promise<void> {
    if (this.#send === undefined || this.scope.extensions?.["http.response.early_hint"] === undefined) return;
    await this.#send({ type: "http.response.early_hint", links });
  }

  /** Whether the client is known to have gone before it had its answer; unlike `signal` it does not make that known. */
  get aborted(): boolean {
    return this.#requestBody?.gone === true;
  }

  /** For the handler: whether a form was read, which may have files. */
  get hasForm(): boolean {
    return this.#form !== undefined;
  }

  /** For the handler: the response is complete. Gives what is to be awaited, where uploaded files are to be removed. */
  finish(): Promise<void> | undefined {
    this.#requestBody?.finish();
    return this.#form?.then(removeFiles, () => undefined);
  }
}

async function removeFiles(form: RequestForm): Promise<void> {
  for (const [, files] of form.files.lists()) for (const file of files) await file.dispose();
}

/** Refuses an encoding that the setting `requestEncodings` does not name; asked before any view is called. */
export function wrongEncoding(encoding: string): UnsupportedMediaType {
  return new UnsupportedMediaType(
    `The request's body is encoded as ${JSON.stringify(encoding)}. Name it in the setting requestEncodings if it may be.`,
  );
}

/** What HTTP/1.0 clients ask that name no host. */
function serverHost({ server }: HttpScope): string {
  if (server === null || server[1] === null) return "";
  return `${server[0].includes(":") ? `[${server[0]}]` : server[0]}:${server[1]}`;
}
