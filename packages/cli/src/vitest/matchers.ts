import { toBlockEventLoop, toBlockEventLoopLessThan } from "./event-loop-matcher.ts";
import { toContainHtml, toEqualHtml } from "./html-matchers.ts";
import { awaited } from "./pending-matchers.ts";
import { toMakeQueries } from "./query-matcher.ts";
import { toContainText, toHaveStatus, toRedirectTo, toUseTemplate } from "./response-matchers.ts";

export type { MatcherResult } from "./response-matchers.ts";
export {
  toBlockEventLoop,
  toBlockEventLoopLessThan,
  toContainHtml,
  toContainText,
  toEqualHtml,
  toHaveStatus,
  toMakeQueries,
  toRedirectTo,
  toUseTemplate,
};

/** What tsjango adds to `expect`. */
export interface TsjangoMatchers<R> {
  /** Passes for a response of this status; a failure shows the start of the body. */
  toHaveStatus(status: number): R;
  /** Passes for a redirect to this address, absolute or a path; of a followed one, the last. Default status: 302. */
  toRedirectTo(url: string, options?: { status?: number }): R;
  /** Passes where the body has this text, `count` times where that is given, and the status is 200 or as given. */
  toContainText(text: string, options?: { count?: number; status?: number }): R;
  /**
   * Passes for HTML, a text or a response's body, that means the same: space around tags, the order of attributes and of
   * classes, comments and the writing of characters make no difference. A response must have the status 200 or as given.
   * Source: `assertHTMLEqual`.
   */
  toEqualHtml(html: string, options?: { status?: number }): R;
  /**
   * Passes where HTML, a text or a response's body, has this part, compared as `toEqualHtml` does: an element with all that
   * is in it, elements side by side, or a text. `count` says how often. Source: `assertInHTML`.
   */
  toContainHtml(html: string, options?: { count?: number; status?: number }): R;
  /** Passes where the template was rendered for the response: by the view, or extended or included. */
  toUseTemplate(name: string): R;
  /** Runs the function and passes where it sends so many statements; a failure shows them. Await it. */
  toMakeQueries(count: number): Promise<void>;
  /** Runs the function and passes where no stretch of it held everything else up for so many milliseconds. Await it. */
  toBlockEventLoopLessThan(milliseconds: number): Promise<void>;
  /**
   * Runs the function and passes where a stretch of it held everything else up for so long, 50 ms where nothing is said.
   * Write it with `not`; a failure shows the lines. Await it.
   */
  toBlockEventLoop(milliseconds?: number): Promise<void>;
}

declare module "vitest" {
  interface Matchers<R, T> extends TsjangoMatchers<R> {}
}

/** All of them, for `expect.extend`. */
export const matchers = {
  toBlockEventLoop: awaited("toBlockEventLoop", toBlockEventLoop),
  toBlockEventLoopLessThan: awaited("toBlockEventLoopLessThan", toBlockEventLoopLessThan),
  toContainHtml,
  toContainText,
  toEqualHtml,
  toHaveStatus,
  toMakeQueries: awaited("toMakeQueries", toMakeQueries),
  toRedirectTo,
  toUseTemplate,
};
