import { isDeepStrictEqual } from "node:util";
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
import { readArguments, type TagArguments } from "../arguments.ts";
import { SafeString } from "../safe-string.ts";
import { readBody } from "./body.ts";
import { loopOf } from "./for.ts";

/** `{% ifchanged x %}` … `{% else %}` … `{% endifchanged %}`: whether values, or what is within, differ from the last turn of the loop. */
export class IfChangedTag extends Tag {
  readonly #args: TagArguments;
  readonly #body: Template[];
  readonly #otherwise: Template[] = [];
  readonly #last = new WeakMap<object, unknown>();

  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid, parser: Parser) {
    super(token, remaining, liquid);
    this.#args = readArguments(token.args, liquid);
    this.#body = readBody(token, remaining, parser, { else: () => this.#otherwise });
  }

  override *render(context: Context, emitter: Emitter): Generator<unknown, void, unknown> {
    const { renderer } = this.liquid;
    // What it was in the last turn is forgotten with the loop.
    const loop = loopOf(context) ?? context;
    const content = this.#args.positional.length === 0;
    let now: unknown;
    if (content) now = String(yield renderer.renderTemplates(this.#body, context));
    else {
      const values: unknown[] = [];
      for (const argument of this.#args.positional) values.push(plain(yield argument.value(context)));
      now = values;
    }
    const changed = !this.#last.has(loop) || !isDeepStrictEqual(this.#last.get(loop), now);
    this.#last.set(loop, now);
    if (changed && content) emitter.write(String(now));
    else yield renderer.renderTemplates(changed ? this.#body : this.#otherwise, context, emitter);
  }
}

function plain(value: unknown): unknown {
  return value instanceof SafeString ? value.toString() : value;
}
