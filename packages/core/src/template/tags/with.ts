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
import { isThenable } from "../../utils/is-thenable.ts";
import { readArguments, type TagArguments } from "../arguments.ts";
import { makeScope, type Scope } from "../scope.ts";
import { readBody } from "./body.ts";

/** The values of `name=value` pairs; a promise of them where one has to be awaited. */
export function renderNamed({ named }: TagArguments, context: Context): Scope | Promise<Scope> {
  const values = makeScope();
  let isWaiting = false;
  for (const [name, value] of named) {
    const found = value.value(context);
    values[name] = found;
    isWaiting ||= isThenable(found);
  }
  return isWaiting ? settled(values) : values;
}

async function settled(values: Scope): Promise<Scope> {
  const names = Object.keys(values);
  const found = await Promise.all(Object.values(values));
  for (const [at, name] of names.entries()) values[name] = found[at];
  return values;
}

/** `{% with total=items|length %}` … `{% endwith %}`. */
export class WithTag extends Tag {
  readonly #args: TagArguments;
  readonly #body: Template[];

  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid, parser: Parser) {
    super(token, remaining, liquid);
    // Django's older spelling: `{% with value as name %}`.
    const older = /^(\S+)\s+as\s+(\w+)\s*$/.exec(token.args);
    this.#args = readArguments(older === null ? token.args : `${older[2]}=${older[1]}`, liquid);
    if (this.#args.named.size === 0 || this.#args.positional.length > 0) throw new Error("write {% with name=value %}");
    this.#body = readBody(token, remaining, parser);
  }

  override *render(context: Context, emitter: Emitter): Generator<unknown, void, unknown> {
    context.push((yield renderNamed(this.#args, context)) as object);
    yield this.liquid.renderer.renderTemplates(this.#body, context, emitter);
    context.pop();
  }
}
