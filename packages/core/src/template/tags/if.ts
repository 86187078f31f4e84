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
import { type Condition, compileCondition } from "../condition.ts";
import { readBody } from "./body.ts";

/** `{% if %}` … `{% elif %}` … `{% else %}` … `{% endif %}`, with Django's operators and truth. */
export class IfTag extends Tag {
  readonly #branches: { condition: Condition; templates: Template[] }[] = [];
  readonly #otherwise: Template[] = [];
  #closed = false;

  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid, parser: Parser) {
    super(token, remaining, liquid);
    const body = readBody(token, remaining, parser, {
      elif: (tag) => {
        if (this.#closed) throw new Error('"elif" after "else"');
        return this.#branch(tag.args);
      },
      elsif: () => {
        throw new Error('write "elif" instead of "elsif"');
      },
      else: () => {
        this.#closed = true;
        return this.#otherwise;
      },
    });
    this.#branches.unshift({ condition: compileCondition(token.args, liquid), templates: body });
  }

  #branch(text: string): Template[] {
    const templates: Template[] = [];
    this.#branches.push({ condition: compileCondition(text, this.liquid), templates });
    return templates;
  }

  override *render(context: Context, emitter: Emitter): Generator<unknown, void, unknown> {
    for (const { condition, templates } of this.#branches) {
      if ((yield condition(context)) === true) {
        yield this.liquid.renderer.renderTemplates(templates, context, emitter);
        return;
      }
    }
    yield this.liquid.renderer.renderTemplates(this.#otherwise, context, emitter);
  }
}
