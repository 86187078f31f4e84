import { TsjangoError } from "@tsjango/kernel/exceptions";

/** A test sent the same query again and again; the message names the query, how often, and from where. */
export class RepeatedQueries extends TsjangoError {
  static override readonly code: string = "repeated_queries";
}

/** A test ended before a matcher that it did not await: what that finds would be nobody's. */
export class UnawaitedMatcher extends TsjangoError {
  static override readonly code: string = "unawaited_matcher";
}
