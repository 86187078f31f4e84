import { settings } from "@tsjango/kernel/conf";
import { pathBelow } from "../asgi/mount.ts";
import { routedPath } from "../asgi/target.ts";
import type { HttpScope, Receive } from "../asgi/types.ts";
import { BadRequest, DisallowedHost, UnsupportedMediaType } from "../exceptions.ts";
import type {} from "../settings.ts";
import type { ResolverMatch } from "../urls/resolver-match.ts";
import { parseCookies } from "./cookies.ts";
import { isAllowedHost } from "./host.ts";
import { parseJson } from "./parse-json.ts";
import { QueryDict } from "./query-dict.ts";
import { RequestBody } from "./request-body.ts";
import type { StandardSchema } from "./standard-schema.ts";
import { validate } from "./validation-error.ts";

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
  readonly #body: RequestBody;
  #query: QueryDict | undefined;
  #headers: Headers | undefined;
  #cookies: ReadonlyMap<string, string> | undefined;
  #host: string | undefined;

  constructor(scope: HttpScope, receive: Receive = noBody) {
    this.scope = scope;
    this.method = scope.method;
    this.path = routedPath(scope.path, scope.rawPath);
    this.pathInfo = scope.rootPath === "" ? this.path : pathBelow(this.path, scope.rootPath);
    this.#body = new RequestBody(receive);
  }

  /** The query string's fields. */
  get query(): QueryDict {
    this.#query ??= QueryDict.parse(this.scope.queryString, settings.dataUploadMaxNumberFields);
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
   * The host and port that were asked for: "example.com:8000".
   * @throws DisallowedHost when it is not one of the setting `allowedHosts`.
   */
  get host(): string {
    if (this.#host === undefined) {
      const host = this.header("host") ?? "";
      if (!isAllowedHost(host, settings.allowedHosts, settings.debug)) {
        throw new DisallowedHost(
          `The Host header ${JSON.stringify(host)} is not allowed. ` +
            `Add ${JSON.stringify(host.replace(/:\d+$/, "").toLowerCase())} to the setting allowedHosts if it is yours.`,
        );
      }
      this.#host = host;
    }
    return this.#host;
  }

  get scheme(): "http" | "https" {
    return this.scope.scheme;
  }

  /** Whether it came over https. */
  get isSecure(): boolean {
    return this.scope.scheme === "https";
  }

  /** The whole address, a fresh `URL` each time. Throws DisallowedHost as `host` does. */
  get url(): URL {
    return new URL(`${this.scheme}://${this.host}${this.fullPath}`);
  }

  /** The path with the query, as it was sent. */
  get fullPath(): string {
    const { rawPath, queryString } = this.scope;
    return queryString === "" ? rawPath : `${rawPath}?${queryString}`;
  }

  /** The client's IP address; null over a unix socket. */
  get clientAddress(): string | null {
    return this.scope.client?.[0] ?? null;
  }

  /** The media type of the body, in lower case, without parameters; empty where none is given. */
  get contentType(): string {
    return (this.header("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  }

  /** Aborts when the client goes away before it has its answer. */
  get signal(): AbortSignal {
    return this.#body.signal(settings.dataUploadMaxMemorySize);
  }

  /**
   * The body's bytes; may be called again.
   * @throws RequestDataTooBig (413) beyond the setting `dataUploadMaxMemorySize`.
   */
  body(): Promise<Uint8Array> {
    return this.#body.bytes(settings.dataUploadMaxMemorySize);
  }

  /** The body as UTF-8 text. */
  async text(): Promise<string> {
    return new TextDecoder().decode(await this.body());
  }

  /** The body as JSON. Give a schema to have it checked and typed. @throws BadRequest (400) */
  json(): Promise<unknown>;
  /**
   * The body as JSON, checked by any Standard Schema, such as zod's.
   * @throws RequestValidationError (400, the errors by field as JSON)
   */
  json<T>(schema: StandardSchema<T>): Promise<T>;
  async json<T>(schema?: StandardSchema<T>): Promise<unknown> {
    const data = parseJson(decodeUtf8(await this.body()));
    return schema === undefined ? data : validate(schema, data);
  }

  /** The body as a form. @throws UnsupportedMediaType (415) for a body that is no URL-encoded form. */
  form(): Promise<QueryDict>;
  /**
   * The body as a form, checked by any Standard Schema: it sees strings, and arrays where a name was sent repeatedly.
   * @throws RequestValidationError (400, the errors by field as JSON)
   */
  form<T>(schema: StandardSchema<T>): Promise<T>;
  async form<T>(schema?: StandardSchema<T>): Promise<unknown> {
    if (this.contentType !== "application/x-www-form-urlencoded") {
      throw new UnsupportedMediaType(
        `request.form() reads application/x-www-form-urlencoded; the body is ${JSON.stringify(this.contentType)}.`,
      );
    }
    const fields = QueryDict.parse(decodeUtf8(await this.body()), settings.dataUploadMaxNumberFields);
    return schema === undefined ? fields : validate(schema, fields.toObject());
  }

  /** For the handler: the response is complete, the client's going is no news any more. */
  finish(): void {
    this.#body.finish();
  }
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new BadRequest("The body is not valid UTF-8.", { cause });
  }
}
