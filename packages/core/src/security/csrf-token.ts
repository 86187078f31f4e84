import { randomBytes, timingSafeEqual } from "node:crypto";
import { settings } from "@tsjango/kernel/conf";
import type { HttpRequest } from "../http/request.ts";
import type {} from "../settings.ts";

/** The length of the secret that the cookie holds; a token is twice as long. */
const SECRET_LENGTH = 32;
const ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
// The greatest multiple of the alphabet's length in a byte: bytes from there on would favour its first letters.
const FAIR = 256 - (256 % ALPHABET.length);

function newSecret(): string {
  let secret = "";
  while (secret.length < SECRET_LENGTH) {
    for (const byte of randomBytes(SECRET_LENGTH * 2)) {
      if (byte < FAIR && secret.length < SECRET_LENGTH) secret += ALPHABET[byte % ALPHABET.length];
    }
  }
  return secret;
}

function shift(text: string, by: string, sign: 1 | -1): string {
  let shifted = "";
  for (let index = 0; index < SECRET_LENGTH; index++) {
    const sum = ALPHABET.indexOf(text.charAt(index)) + sign * ALPHABET.indexOf(by.charAt(index));
    shifted += ALPHABET[(sum + ALPHABET.length) % ALPHABET.length];
  }
  return shifted;
}

/** The secret under a fresh mask each time, so that compressed pages do not give it away (BREACH). */
function mask(secret: string): string {
  const cover = newSecret();
  return cover + shift(secret, cover, 1);
}

/** What is wrong with the form of a token or cookie: "has incorrect length", "has invalid characters". */
export function formatProblem(token: string): string | undefined {
  if (token.length !== SECRET_LENGTH && token.length !== 2 * SECRET_LENGTH) return "has incorrect length";
  return /^[a-zA-Z0-9]*$/.test(token) ? undefined : "has invalid characters";
}

/** The secret in a token of right form. */
function unmask(token: string): string {
  if (token.length === SECRET_LENGTH) return token;
  return shift(token.slice(SECRET_LENGTH), token.slice(0, SECRET_LENGTH), -1);
}

/** Whether a token of right form holds the secret; takes the same time for any. */
export function tokenHolds(token: string, secret: string): boolean {
  return timingSafeEqual(Buffer.from(unmask(token)), Buffer.from(unmask(secret)));
}

interface State {
  secret: string | undefined;
  /** The cookie must be sent with the response. */
  used: boolean;
}

const states = new WeakMap<HttpRequest, State>();

function stateOf(request: HttpRequest): State {
  let state = states.get(request);
  if (state === undefined) {
    const cookie = request.cookies.get(settings.csrfCookieName);
    state = { secret: cookie, used: false };
    // A cookie that was tampered with is replaced.
    if (cookie !== undefined && formatProblem(cookie) !== undefined) state = { secret: newSecret(), used: true };
    states.set(request, state);
  }
  return state;
}

/**
 * The token that a form or script sends back: in the field `csrfmiddlewaretoken`, or the header that `csrfHeaderName` names.
 * Asking for it has the middleware send the cookie. Source: `django.middleware.csrf.get_token`.
 */
export function getCsrfToken(request: HttpRequest): string {
  const state = stateOf(request);
  state.secret ??= newSecret();
  state.used = true;
  return mask(unmask(state.secret));
}

/** Gives the client a new secret, as is done when somebody logs in. */
export function rotateCsrfToken(request: HttpRequest): void {
  states.set(request, { secret: newSecret(), used: true });
}

/** The secret that the response's cookie must carry, or undefined where none was used. */
export function secretToSend(request: HttpRequest): string | undefined {
  const state = states.get(request);
  return state?.used === true && state.secret !== undefined ? unmask(state.secret) : undefined;
}
