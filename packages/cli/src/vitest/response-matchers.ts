import { describeValue } from "@tsjango/kernel/utils";

/** What a matcher tells Vitest. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
  readonly actual?: unknown;
  readonly expected?: unknown;
}

/** What the responses of views, the client and the platform have in common. */
export interface ResponseLike {
  readonly status: number;
  readonly headers?: { get(name: string): string | null | undefined };
  readonly text?: unknown;
  readonly content?: unknown;
  readonly url?: unknown;
  readonly redirects?: readonly { readonly url: string; readonly status: number }[];
  readonly templates?: ReadonlySet<string>;
}

const SHOWN = 500;

/** The matcher behind `expect(response).toHaveStatus(200)`. */
export function toHaveStatus(received: unknown, expected: number): MatcherResult {
  if (!isResponse(received)) return noResponse("toHaveStatus", received);
  const actual = received.status;
  const pass = actual === expected;
  return {
    pass,
    actual,
    expected,
    message: () =>
      pass
        ? `The response has status ${actual}, which was not expected.`
        : `Expected a response of status ${expected}; it has ${actual}.${shownBody(received)}`,
  };
}

/** The matcher behind `expect(response).toRedirectTo("/login/")`. */
export function toRedirectTo(received: unknown, url: string, options: { status?: number } = {}): MatcherResult {
  if (!isResponse(received)) return noResponse("toRedirectTo", received);
  const status = options.status ?? 302;
  const { redirects = [] } = received;
  const location = received.headers?.get("location") ?? undefined;
  // A view's own response has the address it leads to.
  const base = typeof received.url === "string" && URL.canParse(received.url) ? received.url : "http://localhost/";
  const found =
    location !== undefined && received.status >= 300 && received.status < 400
      ? { url: new URL(location, base).href, status: received.status }
      : redirects.at(-1);
  if (found === undefined) {
    const message = `Expected a redirect to ${url}; the response has status ${received.status}.${shownBody(received)}`;
    return { pass: false, message: () => message };
  }
  const expected = { url: new URL(url, base).href, status };
  const pass = found.url === expected.url && found.status === status;
  const told = `${found.url} (${found.status})`;
  return {
    pass,
    actual: found,
    expected,
    message: () =>
      pass
        ? `The response redirects to ${told}, which was not expected.`
        : `Expected a redirect to ${expected.url} (${status}); it goes to ${told}.`,
  };
}

/** The matcher behind `expect(response).toContainText("Emma")`. */
export function toContainText(
  received: unknown,
  text: string,
  options: { count?: number; status?: number } = {},
): MatcherResult {
  if (!isResponse(received)) return noResponse("toContainText", received);
  requireStatus(received, options.status);
  if (text === "") throw new TypeError("toContainText needs a text that is not empty: every page has the empty one.");
  const body = bodyOf("toContainText", received);
  const found = body.split(text).length - 1;
  const pass = options.count === undefined ? found > 0 : found === options.count;
  const wanted = options.count === undefined ? "" : ` ${times(options.count)}`;
  return {
    pass,
    message: () =>
      pass
        ? `The body contains ${JSON.stringify(text)} ${times(found)}, which was not expected.`
        : `Expected the body to contain ${JSON.stringify(text)}${wanted}; it does ${times(found)}.${shownBody(received)}`,
  };
}

/** The matcher behind `expect(response).toUseTemplate("blog/list.html")`. */
export function toUseTemplate(received: unknown, name: string): MatcherResult {
  const templates = isResponse(received) ? received.templates : undefined;
  if (templates === undefined) {
    return { ...noResponse("toUseTemplate", received, "a response of the client"), pass: false };
  }
  const used = templates.size === 0 ? "no template was" : `used were ${[...templates].join(", ")}`;
  const pass = templates.has(name);
  return {
    pass,
    message: () =>
      pass
        ? `The template ${name} was rendered, which was not expected.`
        : `Expected the template ${name} to be rendered; ${used}.`,
  };
}

/** Throws where a page has another status: where something is not to be in it, it must still be the right one. */
export function requireStatus(response: ResponseLike, status = 200): void {
  const right = toHaveStatus(response, status);
  if (!right.pass) throw new Error(right.message());
}

/** Whether it is a response of any kind. */
export function isResponse(value: unknown): value is ResponseLike {
  return typeof value === "object" && value !== null && "status" in value && typeof value.status === "number";
}

/** The failure of a matcher that was given something else. */
export function noResponse(matcher: string, received: unknown, wanted = "a response"): MatcherResult {
  const hint = received instanceof Promise ? " Await it first." : "";
  return { pass: false, message: () => `${matcher} needs ${wanted}; found ${describeValue(received)}.${hint}` };
}

/** `not`, `once`, `3 times`. */
export function times(count: number): string {
  return count === 0 ? "not" : count === 1 ? "once" : `${count} times`;
}

/** A response's body as text. Throws where it has not been read: nothing would be in it. */
export function bodyOf(matcher: string, response: ResponseLike): string {
  const body = readBody(response);
  if (body !== undefined) return body;
  throw new TypeError(
    `${matcher} needs a body that has been read; this response's has not. Give it the text of the body.`,
  );
}

function readBody({ content, text }: ResponseLike): string | undefined {
  if (content instanceof Uint8Array) return new TextDecoder().decode(content);
  return typeof text === "string" ? text : undefined;
}

function shownBody(response: ResponseLike): string {
  const body = readBody(response) ?? "";
  return body === "" ? "" : `\n\n${body.slice(0, SHOWN)}${body.length > SHOWN ? " …" : ""}`;
}
