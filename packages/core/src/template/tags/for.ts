import {
  type Context,
  type Emitter,
  type Liquid,
  type Parser,
  Tag,
  type TagToken,
  type Template,
  type TopLevelToken,
} from "liquidjs";
import { compileValue, type TagValue } from "../arguments.ts";
import { readVariable } from "../context.ts";
import { whenThere } from "../drive.ts";
import { writeTemplates } from "../render.ts";
import { makeScope, type Scope } from "../scope.ts";
import { readBody } from "./body.ts";

const HEAD = /^([A-Za-z_]\w*(?:\s*,\s*[A-Za-z_]\w*)*)\s+in\s+(.+?)(\s+reversed)?\s*$/s;

const LOOP = "tsjango.loop";

/** The loop that a rendering is in: one object for all its turns. */
export function loopOf(context: Context): object | undefined {
  const loop = context.getRegister(LOOP) as unknown;
  return typeof loop === "object" && loop !== null ? loop : undefined;
}

/** `{% for x in xs %}` … `{% empty %}` … `{% endfor %}`; also `{% for key, value in map %}` and `reversed`. */
export class ForTag extends Tag {
  readonly #names: readonly string[];
  readonly #items: TagValue;
  readonly #reversed: boolean;
  readonly #body: Template[];
  readonly #empty: Template[] = [];

  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid, parser: Parser) {
    super(token, remaining, liquid);
    const head = HEAD.exec(token.args);
    if (head === null) throw new Error(`write {% for x in xs %}; found {% for ${token.args} %}`);
    this.#names = (head[1] as string).split(/\s*,\s*/);
    this.#items = compileValue(head[2] as string, liquid);
    this.#reversed = head[3] !== undefined;
    const otherwise = () => this.#empty;
    this.#body = readBody(token, remaining, parser, { empty: otherwise, else: otherwise });
  }

  override render(context: Context, emitter: Emitter): unknown {
    return whenThere(this.#items.value(context), (value) => this.#loop(value, context, emitter));
  }

  #loop(value: unknown, context: Context, emitter: Emitter): void | Promise<void> {
    const items = iterated(value, this.#names.length > 1);
    if (this.#reversed) items.reverse();
    if (items.length === 0) return writeTemplates(this.#empty, context, emitter);
    return whenThere(readVariable(context, "forloop"), (parentloop) => {
      const scope = makeScope();
      const state = new LoopState(items.length, parentloop);
      scope["forloop"] = state;
      const around = loopOf(context);
      context.setRegister(LOOP, {});
      context.push(scope);
      const turn = (index: number): void | Promise<void> => {
        state.counter0 = index;
        this.#assign(scope, items[index]);
        context.continueCalled = context.breakCalled = false;
        return writeTemplates(this.#body, context, emitter);
      };
      return whenThere(inTurn(items.length, turn, context), () => {
        context.continueCalled = context.breakCalled = false;
        context.pop();
        context.setRegister(LOOP, around ?? "");
      });
    });
  }

  #assign(scope: Scope, item: unknown): void {
    const [first, ...others] = this.#names;
    if (others.length === 0) {
      scope[first as string] = item;
      return;
    }
    const parts = typeof item === "string" ? [] : iterated(item);
    if (parts.length !== this.#names.length) {
      throw new Error(`{% for ${this.#names.join(", ")} in … %} needs lists of ${this.#names.length} values`);
    }
    for (const [index, name] of this.#names.entries()) scope[name] = parts[index];
  }
}

/** Takes turns one after the other, until `{% break %}`; a promise from the first one on that has to wait. */
function inTurn(
  count: number,
  turn: (index: number) => void | Promise<void>,
  context: Context,
  from = 0,
): void | Promise<void> {
  for (let index = from; index < count; index++) {
    const waiting = turn(index);
    if (waiting !== undefined) return inTurnLater(waiting, count, turn, context, index + 1);
    if (context.breakCalled) return;
  }
}

function inTurnLater(
  waiting: Promise<void>,
  count: number,
  turn: (index: number) => void | Promise<void>,
  context: Context,
  from: number,
): Promise<void> {
  return waiting.then(() => (context.breakCalled ? undefined : inTurn(count, turn, context, from)));
}

/** The items of a value; of a mapping its keys, or with `pairs` its keys and values. */
export function iterated(value: unknown, pairs = false): unknown[] {
  if (value === undefined || value === null) return [];
  if (value instanceof Map) return [...(pairs ? value : value.keys())];
  if (typeof value === "object" && Symbol.iterator in value) return [...(value as Iterable<unknown>)];
  if (typeof value === "object") return pairs ? Object.entries(value) : Object.keys(value);
  return typeof value === "string" ? [...value] : [];
}

/** `forloop`: where a loop is. */
class LoopState {
  counter0 = 0;
  readonly length: number;
  readonly parentloop: unknown;

  constructor(length: number, parentloop: unknown) {
    this.length = length;
    this.parentloop = parentloop;
  }

  get counter(): number {
    return this.counter0 + 1;
  }
  get revcounter(): number {
    return this.length - this.counter0;
  }
  get revcounter0(): number {
    return this.length - this.counter0 - 1;
  }
  get first(): boolean {
    return this.counter0 === 0;
  }
  get last(): boolean {
    return this.counter0 === this.length - 1;
  }
}
