import { namesIn } from "../sql/prune.ts";
import type { AnnotationStep, Step } from "../sql/query.ts";

/** The steps before those that are added; nothing for each that gets another meaning before anything reads it. */
export function withoutReplaced(steps: readonly Step[], added: readonly AnnotationStep[]): (Step | undefined)[] {
  const later: Step[] = [...added];
  return steps
    .toReversed()
    .map((step) => {
      if (step.kind !== "annotation" || !added.some(({ name }) => name === step.name)) {
        later.unshift(step);
        return step;
      }
      if (!isReadBy(later, step.name)) return undefined;
      const hidden = { ...step, selected: false };
      later.unshift(hidden);
      return hidden;
    })
    .toReversed();
}

/** Whether a name is read before it is given anew, in which it may be read, too. */
function isReadBy(later: readonly Step[], name: string): boolean {
  for (const step of later) {
    if (namesIn(step).has(name)) return true;
    if (step.kind === "annotation" && step.name === name) return false;
  }
  return false;
}
