import { HttpRequest } from "../http/request.ts";
import { cspNonce } from "../security/csp.ts";
import { getCsrfToken } from "../security/csrf-token.ts";
import type { Scope } from "./scope.ts";

/** What every template sees, unless something else has the name. */
export const CONSTANTS = { None: null, True: true, False: false };

/** What every template of a request sees besides. Getters: a token that nobody reads sets no cookie. */
class RequestVariables {
  readonly None = null;
  readonly True = true;
  readonly False = false;
  readonly #request: HttpRequest;
  readonly #debug: boolean;

  constructor(request: HttpRequest, debug: boolean) {
    this.#request = request;
    this.#debug = debug;
  }

  get csrf_token(): string {
    return getCsrfToken(this.#request);
  }

  get csp_nonce(): string {
    return cspNonce(this.#request);
  }

  get debug(): boolean {
    return this.#debug;
  }
}

/** What a rendering in this scope sees behind it. */
export function variablesBehind({ request }: Scope, debug: boolean): object {
  return request instanceof HttpRequest ? new RequestVariables(request, debug) : CONSTANTS;
}
