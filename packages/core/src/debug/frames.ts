import { readFileSync } from "node:fs";
import { type StackPlace, stackPlaces } from "@tsjango/kernel/utils";
import { frameOf, type SourceFrame } from "../utils/source-frame.ts";

/** One frame of an error's stack, with the lines around it where the file can be read. */
export interface StackFrame extends StackPlace {
  readonly source: SourceFrame | undefined;
}

/** An error of a chain of causes. */
export interface ErrorLink {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly frames: readonly StackFrame[];
  /** The place in a template, where the error is one of a template. */
  readonly template: SourceFrame | undefined;
}

/** A chain longer than that is a circle, or of no use. */
const MOST_CAUSES = 8;
/** The frames of the project whose source is shown, of one error. */
const MOST_SOURCES = 12;

/** An error and its causes, the outermost first. */
export function errorChain(error: Error): ErrorLink[] {
  const chain: ErrorLink[] = [];
  for (let at: unknown = error; at instanceof Error && chain.length < MOST_CAUSES; at = at.cause) {
    const { frame } = at as { frame?: SourceFrame };
    chain.push({
      name: at.name,
      message: at.message,
      stack: at.stack ?? String(at),
      frames: framesOf(at),
      template: frame,
    });
  }
  return chain;
}

function framesOf(error: Error): StackFrame[] {
  let left = MOST_SOURCES;
  return stackPlaces(error.stack ?? "", { async: true }).map((place) => {
    const source = place.owner === "project" && left-- > 0 ? readFrame(place) : undefined;
    return { ...place, source };
  });
}

/** The file may be gone, or no file at all: the stack alone is shown. */
function readFrame({ file, line }: StackPlace): SourceFrame | undefined {
  try {
    return frameOf(file, readFileSync(file, "utf8"), line);
  } catch {
    return undefined;
  }
}
