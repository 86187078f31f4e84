import { HttpError, TemplateDoesNotExist, TemplateError } from "../exceptions.ts";

/** What LiquidJS's errors carry. */
interface LiquidFailure extends Error {
  readonly originalError?: unknown;
  readonly token?: { readonly file?: string; getPosition?(): [line: number, column: number] };
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

/** The innermost place that the chain of errors names. */
function placeOf(error: unknown, name: string): string {
  let place = name;
  for (let at = error; at instanceof Error; at = (at as LiquidFailure).originalError) {
    const { token } = at as LiquidFailure;
    const position = token?.getPosition?.();
    if (position !== undefined) place = `${token?.file ?? name}, line ${position[0]}`;
  }
  return place;
}

/** What the engine threw, as one of tsjango's errors that names the template's file and line. */
export function templateError(error: unknown, name: string, directories: readonly string[]): Error {
  const origin = originOf(error);
  // A view's own decision, such as Http404 out of a lazy value, keeps its status.
  if (origin instanceof HttpError) return origin;
  const message = origin instanceof Error ? origin.message : String(origin);
  const missing = MISSING.exec(message)?.[1];
  if (missing !== undefined) {
    const where = missing === name ? "" : ` (asked for by ${placeOf(error, name)})`;
    return new TemplateDoesNotExist(
      `There is no template "${missing}"${where}. Looked in: ${directories.join(", ") || "no directory"}.`,
      { cause: origin },
    );
  }
  const plain = message.replace(/, (?:file:.*?, )?line:\d+, col:\d+$/s, "");
  return new TemplateError(`${plain} (in ${placeOf(error, name)})`, { cause: origin });
}
