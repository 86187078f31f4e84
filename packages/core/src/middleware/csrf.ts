import type { CheckMessage } from "@tsjango/kernel/checks";
import { type Settings, settings } from "@tsjango/kernel/conf";
import { logger } from "@tsjango/kernel/logging";
import type { HttpRequest } from "../http/request.ts";
import type { BaseResponse } from "../http/response.ts";
import { formatProblem, secretToSend, tokenHolds } from "../security/csrf-token.ts";
import type {} from "../settings.ts";
import { viewMarks } from "../urls/view-marks.ts";
import { patchVary } from "../utils/vary.ts";
import { csrfFailure } from "./csrf-failure.ts";
import { isTrustedOrigin, refererProblem } from "./csrf-origin.ts";
import type { Middleware } from "./middleware.ts";
import { plainMiddleware, type RingSteps } from "./plain-middleware.ts";

const log = logger("tsjango.security.csrf");

/** In `scope.extensions`: a test client's request that needs no token. A server never sets it. */
export const CSRF_UNCHECKED_EXTENSION = "tsjango.csrf.unchecked";

const SAFE: readonly string[] = ["GET", "HEAD", "OPTIONS", "TRACE"];
const FORMS: readonly string[] = ["application/x-www-form-urlencoded", "multipart/form-data"];
const FIELD = "csrfmiddlewaretoken";

/** What is wrong with a token, as the end of a sentence; undefined where it is right. */
function tokenProblem(token: string, cookie: string): string | undefined {
  return formatProblem(token) ?? (tokenHolds(token, cookie) ? undefined : "incorrect");
}

async function checkToken(request: HttpRequest): Promise<string | undefined> {
  const cookie = request.cookies.get(settings.csrfCookieName);
  if (cookie === undefined) return "CSRF cookie not set.";
  const broken = formatProblem(cookie);
  if (broken !== undefined) return `CSRF cookie ${broken}.`;
  // A header that is right spares reading the form, which stays for the view to stream.
  const header = request.header(settings.csrfHeaderName);
  const headerProblem = header === undefined ? undefined : tokenProblem(header, cookie);
  if (header !== undefined && headerProblem === undefined) return undefined;
  const field =
    request.method === "POST" && FORMS.includes(request.contentType) ? (await request.form()).get(FIELD) : undefined;
  if (field !== undefined && field !== "") {
    const problem = tokenProblem(field, cookie);
    return problem === undefined ? undefined : `CSRF token from POST ${problem}.`;
  }
  if (header === undefined) return "CSRF token missing.";
  return `CSRF token from the "${settings.csrfHeaderName}" HTTP header ${headerProblem}.`;
}

const accepted = new WeakSet<HttpRequest>();

/** Why a request is refused, in Django's words; undefined where it may go on. Checks a request once. */
export async function csrfProblem(request: HttpRequest): Promise<string | undefined> {
  if (SAFE.includes(request.method) || accepted.has(request)) return undefined;
  if (request.scope.extensions?.[CSRF_UNCHECKED_EXTENSION] === true) return undefined;
  const origin = request.header("origin");
  if (origin !== undefined) {
    if (!isTrustedOrigin(request, origin))
      return `Origin checking failed - ${origin} does not match any trusted origins.`;
  } else if (request.isSecure) {
    const problem = refererProblem(request);
    if (problem !== undefined) return problem;
  }
  const problem = await checkToken(request);
  if (problem === undefined) accepted.add(request);
  return problem;
}

/** Refuses a request without a valid token: logged, and answered with 403. */
export async function refuseForged(request: HttpRequest): Promise<BaseResponse | undefined> {
  const problem = await csrfProblem(request);
  if (problem === undefined) return undefined;
  log.warn(
    { status: 403, method: request.method, path: request.path, reason: problem },
    `Forbidden (${problem}): ${request.path}`,
  );
  return csrfFailure(request, problem);
}

/** Sends the cookie with a response whose page used the token. */
export function sendCsrfCookie(request: HttpRequest, response: BaseResponse): void {
  const secret = secretToSend(request);
  if (secret === undefined) return;
  response.setCookie(settings.csrfCookieName, secret, {
    maxAge: settings.csrfCookieAge ?? undefined,
    domain: settings.csrfCookieDomain,
    path: settings.csrfCookiePath,
    secure: settings.csrfCookieSecure,
    httpOnly: settings.csrfCookieHttpOnly,
    sameSite: settings.csrfCookieSameSite,
  });
  patchVary(response.headers, "Cookie");
}

function* deployment(settings: Settings): Generator<CheckMessage> {
  if (settings.csrfCookieSecure) return;
  yield {
    level: "warning",
    id: "security.W016",
    message: "csrf() is in use, but csrfCookieSecure is not true.",
    hint: "Set it where the site is served over https: the cookie is then never sent in the clear.",
  };
}

/**
 * Refuses requests that change things without a token that only pages of this site know: forms carry
 * `{% csrf_token %}`, scripts the header `X-CSRFToken`. Views marked by `csrfExempt` are let through.
 * Source: https://docs.djangoproject.com/en/5.2/ref/csrf/
 */
export function csrf(): Middleware {
  const steps: RingSteps = {
    after(request, response) {
      sendCsrfCookie(request, response);
      return response;
    },
    processView(request, { view }) {
      return SAFE.includes(request.method) || viewMarks(view).csrfExempt === true ? undefined : refuseForged(request);
    },
  };
  return plainMiddleware("csrf", () => steps, { provides: ["csrf"], deploymentChecks: deployment });
}
