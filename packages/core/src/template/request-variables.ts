import { HttpRequest } from "../http/request.ts";
import { cspNonce } from "../security/csp.ts";
import { getCsrfToken } from "../security/csrf-token.ts";

/** What every template of a request sees besides its context. Getters: a token that nobody reads sets no cookie. */
export function requestVariables(context: object, debug: boolean): object | null {
  const { request } = context as { readonly request?: unknown };
  if (!(request instanceof HttpRequest)) return null;
  return Object.create(null, {
    csrf_token: { get: () => getCsrfToken(request) },
    debug: { value: debug },
    csp_nonce: { get: () => cspNonce(request) },
  });
}
