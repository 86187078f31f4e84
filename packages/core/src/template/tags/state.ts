import type { Context, Tag } from "liquidjs";

const STATES = "tsjango.states";

/** What a tag keeps for the time of one rendering. */
export function stateOf<T extends object>(context: Context, tag: Tag, make: () => T): T {
  const states = context.getRegister(STATES, new Map<Tag, object>()) as unknown as Map<Tag, object>;
  let state = states.get(tag);
  if (state === undefined) {
    state = make();
    states.set(tag, state);
  }
  return state as T;
}

/** Sets the variable that `as name` names. */
export function setVariable(context: Context, name: string, value: unknown): void {
  (context.bottom() as Record<string, unknown>)[name] = value;
}
