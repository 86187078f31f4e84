import { type Context, type Emitter, type Liquid, Tag, type TagToken, type TopLevelToken } from "liquidjs";
import { readArguments, type TagArguments } from "../arguments.ts";
import { written } from "../output.ts";
import { setVariable, stateOf } from "./state.ts";

const CYCLES = "tsjango.cycles";

/** The cycles that a rendering has met: by name, and the last one. */
interface Cycles {
  readonly named: Map<string, CycleTag>;
  last?: CycleTag;
}

function cyclesOf(context: Context): Cycles {
  return context.getRegister(CYCLES, { named: new Map() }) as unknown as Cycles;
}

/** `{% cycle "odd" "even" %}`; with `as row`, a variable too, and `{% cycle row %}` goes on; `silent` writes nothing. */
export class CycleTag extends Tag {
  readonly #args: TagArguments;
  readonly #silent: boolean;
  readonly #reference: string | undefined;

  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid) {
    super(token, remaining, liquid);
    const silent = /^(.*\bas\s+\w+)\s+silent\s*$/s.exec(token.args);
    this.#silent = silent !== null;
    this.#args = readArguments(silent?.[1] ?? token.args, liquid);
    const { positional, target } = this.#args;
    if (positional.length === 0) throw new Error('write {% cycle "a" "b" %} or {% cycle name %}');
    this.#reference = positional.length === 1 && target === undefined ? token.args.trim() : undefined;
  }

  override *render(context: Context, emitter: Emitter): Generator<unknown, void, unknown> {
    const cycles = cyclesOf(context);
    if (this.#reference !== undefined) {
      const named = cycles.named.get(this.#reference);
      if (named === undefined) {
        throw new Error(
          `there is no {% cycle … as ${this.#reference} %} before this one; found ${[...cycles.named.keys()].join(", ") || "none"}`,
        );
      }
      yield named.#step(context, emitter);
      return;
    }
    const { target } = this.#args;
    if (target !== undefined) cycles.named.set(target, this);
    cycles.last = this;
    yield this.#step(context, emitter);
  }

  *#step(context: Context, emitter: Emitter): Generator<unknown, void, unknown> {
    const state = stateOf(context, this, () => ({ next: 0 }));
    const { positional, target } = this.#args;
    const value = yield positional[state.next++ % positional.length]?.value(context);
    if (target !== undefined) setVariable(context, target, value);
    if (!this.#silent) emitter.write(written(value, context));
  }

  /** Starts again with the first value. */
  reset(context: Context): void {
    stateOf(context, this, () => ({ next: 0 })).next = 0;
  }
}

/** `{% resetcycle %}`, `{% resetcycle row %}`: the cycle before it, or the named one, starts again. */
export class ResetCycleTag extends Tag {
  override render(context: Context): void {
    const name = this.token.args.trim();
    const { named, last } = cyclesOf(context);
    const cycle = name === "" ? last : named.get(name);
    if (cycle === undefined)
      throw new Error(`there is no {% cycle %}${name === "" ? "" : ` as ${name}`} before {% resetcycle %}`);
    cycle.reset(context);
  }
}
