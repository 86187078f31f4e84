import type { CheckMessage } from "@tsjango/kernel/checks";
import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { describeValue } from "@tsjango/kernel/utils";
import type { HttpRequest } from "../http/request.ts";
import type { BaseResponse } from "../http/response.ts";
import { type HeaderPair, headerPair } from "../http/response-headers.ts";
import { HttpResponsePermanentRedirect } from "../http/responses.ts";
import { checkFrameOptions, type FrameOptions, frameChecks, setFrameOptions } from "./clickjacking.ts";
import type { Middleware } from "./middleware.ts";
import { plainMiddleware } from "./plain-middleware.ts";

/** What `security` may be told. */
export interface SecurityOptions {
  /** Redirect http to https. Default false. */
  readonly sslRedirect?: boolean;
  /** The host to redirect to. Default: the request's. */
  readonly sslHost?: string;
  /** Paths, without their first "/", that stay on http. */
  readonly redirectExempt?: readonly RegExp[];
  /** Over https, have browsers refuse http for so many seconds. Default 0: the header is not sent. */
  readonly hstsSeconds?: number;
  readonly hstsIncludeSubdomains?: boolean;
  readonly hstsPreload?: boolean;
  /** Have browsers not guess types. Default true. */
  readonly contentTypeNosniff?: boolean;
  /** One policy, or several of which browsers take the last they know. Default "same-origin"; null sends none. */
  readonly referrerPolicy?: string | readonly string[] | null;
  /** Default "same-origin"; null sends none. */
  readonly crossOriginOpenerPolicy?: string | null;
  /** Default "DENY": no page may show this one in a frame; null sends none. */
  readonly frameOptions?: FrameOptions | null;
}

const REFERRER_POLICIES: readonly string[] = [
  "no-referrer",
  "no-referrer-when-downgrade",
  "origin",
  "origin-when-cross-origin",
  "same-origin",
  "strict-origin",
  "strict-origin-when-cross-origin",
  "unsafe-url",
];
const OPENER_POLICIES: readonly string[] = ["same-origin", "same-origin-allow-popups", "unsafe-none"];

function oneOf(value: string, known: readonly string[], option: string): void {
  if (known.includes(value)) return;
  throw new ImproperlyConfigured(`security: ${option} is one of ${known.join(", ")}; found ${describeValue(value)}.`);
}

function hstsValue(options: SecurityOptions): string | undefined {
  if (!options.hstsSeconds) return undefined;
  const subdomains = options.hstsIncludeSubdomains === true ? "; includeSubDomains" : "";
  return `max-age=${Math.trunc(options.hstsSeconds)}${subdomains}${options.hstsPreload === true ? "; preload" : ""}`;
}

/** The headers that every response gets. @throws ImproperlyConfigured for a value that browsers do not know. */
function plainHeaders(options: SecurityOptions): readonly HeaderPair[] {
  const {
    contentTypeNosniff = true,
    referrerPolicy = "same-origin",
    crossOriginOpenerPolicy = "same-origin",
  } = options;
  const headers: HeaderPair[] = [];
  if (contentTypeNosniff) headers.push(headerPair("x-content-type-options", "nosniff"));
  if (referrerPolicy !== null) {
    const policies = [referrerPolicy].flat().flatMap((text) => text.split(",").map((policy) => policy.trim()));
    for (const policy of policies) oneOf(policy, REFERRER_POLICIES, "referrerPolicy");
    headers.push(headerPair("referrer-policy", policies.join(",")));
  }
  if (crossOriginOpenerPolicy !== null) {
    oneOf(crossOriginOpenerPolicy, OPENER_POLICIES, "crossOriginOpenerPolicy");
    headers.push(headerPair("cross-origin-opener-policy", crossOriginOpenerPolicy));
  }
  return headers;
}

function* deployment(options: SecurityOptions): Generator<CheckMessage> {
  const warn = (id: string, message: string, hint: string): CheckMessage => ({ level: "warning", id, message, hint });
  if (!options.hstsSeconds) {
    yield warn(
      "security.W004",
      "security() is not told hstsSeconds.",
      "If the whole site is served over https, set it: browsers then refuse http. A wrong value locks visitors out; start with 3600.",
    );
  } else {
    if (options.hstsIncludeSubdomains !== true) {
      yield warn(
        "security.W005",
        "security() is not told hstsIncludeSubdomains: true.",
        "Without it, http on a subdomain can attack the site. Set it if all subdomains are served over https.",
      );
    }
    if (options.hstsPreload !== true) {
      yield warn(
        "security.W021",
        "security() is not told hstsPreload: true.",
        "Without it, the site cannot be on the browsers' preload list.",
      );
    }
  }
  if (options.contentTypeNosniff === false) {
    yield warn(
      "security.W006",
      "security() is told contentTypeNosniff: false.",
      "Leave it out: browsers otherwise guess types, and may run what visitors uploaded.",
    );
  }
  if (options.sslRedirect !== true) {
    yield warn(
      "security.W008",
      "security() is not told sslRedirect: true.",
      "Set it, unless the site is to be served over http too, or a proxy in front of it redirects.",
    );
  }
  if (options.referrerPolicy === null) {
    yield warn(
      "security.W022",
      "security() is told referrerPolicy: null.",
      'Set a policy such as "same-origin": addresses of pages are otherwise told to other sites.',
    );
  }
  const { frameOptions = "DENY" } = options;
  yield* frameChecks(frameOptions);
}

/**
 * Sets the headers that make browsers careful, and redirects to https if told so; a header that the view set stays.
 * Source: https://docs.djangoproject.com/en/5.2/ref/middleware/#module-django.middleware.security
 * @throws ImproperlyConfigured for a value that browsers do not know.
 * @example
 * middleware: [security({ sslRedirect: true, hstsSeconds: 31_536_000, hstsIncludeSubdomains: true }), common()]
 */
export function security(options: SecurityOptions = {}): Middleware {
  const { frameOptions = "DENY", redirectExempt = [] } = options;
  checkFrameOptions(frameOptions, "security");
  const headers = plainHeaders(options);
  const hsts = hstsValue(options);

  function staysOnHttp({ path }: HttpRequest): boolean {
    return redirectExempt.some((exempt) => exempt.test(path.replace(/^\//, "")));
  }

  function before(request: HttpRequest): BaseResponse | undefined {
    if (options.sslRedirect !== true || request.isSecure || staysOnHttp(request)) return undefined;
    return new HttpResponsePermanentRedirect(`https://${options.sslHost ?? request.host}${request.fullPath}`);
  }

  function after(request: HttpRequest, response: BaseResponse): BaseResponse {
    if (hsts !== undefined && request.isSecure) response.headers.setDefault("strict-transport-security", hsts);
    for (let index = 0; index < headers.length; index++) response.headers.setDefaultPair(headers[index] as HeaderPair);
    if (frameOptions !== null) setFrameOptions(request, response, frameOptions);
    return response;
  }
  return plainMiddleware("security", () => ({ before, after }), {
    provides: frameOptions === null ? ["security"] : ["security", "frameOptions"],
    deploymentChecks: () => deployment(options),
  });
}
