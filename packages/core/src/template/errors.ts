import { didYouMean } from "@tsjango/kernel/utils";
import { HttpError, TemplateDoesNotExist, TemplateError } from "../exceptions.ts";
import { frameOf, type SourceFrame } from "../utils/source-frame.ts";

/** What LiquidJS's errors carry. */
interface LiquidFailure extends Error {
  readonly originalError?: unknown;
  readonly token?: { readonly file?: string; readonly input?: string; getPosition?(): [line: number, column: number] };
}

/** A name that no directory has, as LiquidJS reports it. */
const MISSING = /^ENOENT: Failed to lookup "(.*?)" in "/s;

/** The root of the chain of errors that LiquidJS wrapped around one. */
function originOf(error: unknown): unknown {
  let origin = error;
  while (origin instanceof Error && (origin as LiquidFailure).originalError !== undefined) {
    origin = (origin as LiquidFailure).originalError;
  }
  return origin;
}

interface Place {
  /** "blog/list.html, line 3". */
  readonly text: string;
  readonly frame: SourceFrame | undefined;
}

/** The innermost place that the chain of errors names. */
function placeOf(error: unknown, name: string): Place {
  let place: Place = { text: name, frame: undefined };
  for (let at = error; at instanceof Error; at = (at as LiquidFailure).originalError) {
    const { token } = at as LiquidFailure;
    const line = token?.getPosition?.()[0];
    if (token === undefined || line === undefined) continue;
    const file = token.file ?? name;
    place = { text: `${file}, line ${line}`, frame: frameOf(file, token.input ?? "", line) };
  }
  return place;
}

/** What there is, for messages. */
export interface KnownNames {
  readonly directories: readonly string[];
  tags(): readonly string[];
  filters(): readonly string[];
}

/** What the engine threw, as one of tsjango's errors that names the template's file and line. */
export function templateError(error: unknown, name: string, { directories, tags, filters }: KnownNames): Error {
  const origin = originOf(error);
  // A view's own decision, such as Http404 out of a lazy value, keeps its status.
  if (origin instanceof HttpError) return origin;
  const message = origin instanceof Error ? origin.message : String(origin);
  const missing = MISSING.exec(message)?.[1];
  if (missing !== undefined) {
    const where = missing === name ? "" : ` (asked for by ${placeOf(error, name).text})`;
    return new TemplateDoesNotExist(
      `There is no template "${missing}"${where}. Looked in: ${directories.join(", ") || "no directory"}.`,
      { cause: origin },
    );
  }
  const plain = message
    .replace(/, (?:file:.*?, )?line:\d+, col:\d+$/s, "")
    .replace(/^tag "(\w+)" not found$/, (_all, tag: string) => `there is no tag "${tag}".${didYouMean(tag, tags())}`)
    .replace(
      /^undefined filter: (\w+)$/,
      (_all, one: string) => `there is no filter "${one}".${didYouMean(one, filters())}`,
    )
    .replace(/\.$/, "");
  const { text, frame } = placeOf(error, name);
  return new TemplateError(`${plain} (in ${text})`, { cause: origin, frame });
}
