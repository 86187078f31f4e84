import type { ProxyHeaders } from "./http/proxies.ts";
import type { HttpRequest } from "./http/request.ts";
import type { RequestEncoding } from "./http/request-body.ts";
import type { BaseResponse } from "./http/response.ts";
import type { Middleware } from "./middleware/middleware.ts";
import type { ErrorHandlerExports } from "./urls/error-handlers.ts";
import type { UrlList } from "./urls/types.ts";

/** What a project's `urls.ts` exports. */
export interface UrlconfModule extends ErrorHandlerExports {
  readonly urlpatterns: UrlList;
}

/** Answers a request that had no valid CSRF token; `reason` is in Django's words. */
export type CsrfFailureView = (request: HttpRequest, reason: string) => BaseResponse | Promise<BaseResponse>;

/** Variables that all templates of a request see: `async (request) => ({ cart: await cartOf(request) })`. */
export type ContextProcessor = (request: HttpRequest) => object | Promise<object>;

/** Another template engine, which renders the names that it knows. */
export interface TemplateBackend {
  has(name: string): boolean | Promise<boolean>;
  render(name: string, context: object): string | Promise<string>;
}

/** The setting `templates`, as a project writes it. */
export interface TemplatesInput {
  /** Template directories before those of the apps, relative to `baseDir`. */
  readonly dirs?: readonly string[];
  /** Templates by name, before those of directories. */
  readonly strings?: Readonly<Record<string, string>>;
  /** Called for each rendering with a request; what a view gives wins over what they give. */
  readonly contextProcessors?: readonly ContextProcessor[];
  /** Other engines, asked in order before tsjango's own: `[({ directories }) => myEngine(directories)]`. */
  readonly backends?: readonly ((options: {
    readonly directories: readonly string[];
    readonly debug: boolean;
  }) => TemplateBackend)[];
}

declare module "@tsjango/kernel/conf" {
  interface SettingsInput {
    /** Host names this site answers to: "example.com", ".example.com" for all below it, "*" for any. */
    allowedHosts?: readonly string[];
    /** The rings around every view, outermost first: `[security(), common()]`. */
    middleware?: readonly Middleware[];
    /** Loads the module that exports `urlpatterns`: `() => import("./urls.ts")`. */
    rootUrlconf?: () => Promise<UrlconfModule>;
    /** Where templates are found, and what they all see. */
    templates?: TemplatesInput;
    /**
     * The editor that error pages link to: "vscode", "cursor", "zed", "webstorm", "idea" …, or an address with `{file}`
     * and `{line}`. Default "vscode".
     */
    editor?: string;
    /** Where static files are found by browsers. Default "/static/". */
    staticUrl?: string;
    /** Where `collectstatic` puts them, relative to `baseDir`. Default "staticfiles". */
    staticRoot?: string;
    /** Directories of static files besides those of the apps, relative to `baseDir`. */
    staticDirs?: readonly string[];
    /** Whether `common()` redirects a path that only matches with "/" at its end. Default true. */
    appendSlash?: boolean;
    /** Whether `common()` redirects to the host with "www." before it. Default false. */
    prependWww?: boolean;
    /** Clients that `common()` answers with 403, by their `User-Agent`. */
    disallowedUserAgents?: readonly RegExp[];
    /** The most bytes of a request's body. Default 2.5 MiB. */
    dataUploadMaxMemorySize?: number;
    /** The most fields of a query string or form. Default 1000. */
    dataUploadMaxNumberFields?: number;
    /** The most files of a form. Default 100. */
    dataUploadMaxNumberFiles?: number;
    /** How many bytes of a request's files are held in memory, all together; others go to disk. Default 2.5 MiB. */
    fileUploadMaxMemorySize?: number;
    /** Where they go for the time of the request. Default: the system's directory for temporary files. */
    fileUploadTempDir?: string;
    /** Content encodings of requests' bodies that are decoded: ["gzip"]. Default none: such a request gets 415. */
    requestEncodings?: readonly RequestEncoding[];
    /**
     * Addresses of proxies in front, such as "127.0.0.1", "10.0.0.0/8", "unix": only what they say of their clients is
     * believed. Default none.
     */
    trustedProxies?: readonly string[];
    /**
     * Where they say it: "x-forwarded" (`X-Forwarded-For`, `-Proto`, `-Host`) or "forwarded" (RFC 7239). The other is not
     * read: a proxy passes on what it does not set itself. Default "x-forwarded".
     */
    proxyHeaders?: ProxyHeaders;
    /**
     * From how many milliseconds a request that holds up the event loop is told of: with `debug` its place, else the view
     * that started last. Default 50; 0 turns the watch off.
     */
    blockedLoopThreshold?: number;
    /** The cookie of `csrf()`. Default "csrftoken". */
    csrfCookieName?: string;
    /** Its age in seconds; null for as long as the browser is open. Default a year. */
    csrfCookieAge?: number | null;
    /** A domain whose hosts share it: ".example.com". */
    csrfCookieDomain?: string;
    /** Default "/". */
    csrfCookiePath?: string;
    /** Whether it is sent over https only. Default false. */
    csrfCookieSecure?: boolean;
    /** Whether it is out of reach of scripts, which then take the token from the page. Default false. */
    csrfCookieHttpOnly?: boolean;
    /** Default "lax". */
    csrfCookieSameSite?: "lax" | "strict" | "none";
    /** The header in which scripts send the token. Default "X-CSRFToken". */
    csrfHeaderName?: string;
    /** Origins besides the site itself whose forms are taken: "https://example.com", "https://*.example.com". */
    csrfTrustedOrigins?: readonly string[];
    /** Answers what `csrf()` refuses, in place of the page `403_csrf.html`. */
    csrfFailureView?: CsrfFailureView;
  }
  interface Settings {
    readonly allowedHosts: readonly string[];
    readonly middleware: readonly Middleware[];
    readonly rootUrlconf: (() => Promise<UrlconfModule>) | undefined;
    readonly templates: Required<TemplatesInput>;
    readonly editor: string;
    readonly staticUrl: string;
    readonly staticRoot: string;
    readonly staticDirs: readonly string[];
    readonly appendSlash: boolean;
    readonly prependWww: boolean;
    readonly disallowedUserAgents: readonly RegExp[];
    readonly dataUploadMaxMemorySize: number;
    readonly dataUploadMaxNumberFields: number;
    readonly dataUploadMaxNumberFiles: number;
    readonly fileUploadMaxMemorySize: number;
    readonly fileUploadTempDir: string | undefined;
    readonly requestEncodings: readonly RequestEncoding[];
    readonly trustedProxies: readonly string[];
    readonly proxyHeaders: ProxyHeaders;
    readonly blockedLoopThreshold: number;
    readonly csrfCookieName: string;
    readonly csrfCookieAge: number | null;
    readonly csrfCookieDomain: string | undefined;
    readonly csrfCookiePath: string;
    readonly csrfCookieSecure: boolean;
    readonly csrfCookieHttpOnly: boolean;
    readonly csrfCookieSameSite: "lax" | "strict" | "none";
    readonly csrfHeaderName: string;
    readonly csrfTrustedOrigins: readonly string[];
    readonly csrfFailureView: CsrfFailureView | undefined;
  }
}
