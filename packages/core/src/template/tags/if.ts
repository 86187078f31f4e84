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

/** `{% if %}` … `{% elif %}` … `{% else %}` … `{% endif %}`, with Django's operators and truth. */
export class IfTag extends Tag {
  readonly #branches: { condition: Condition; templates: Template[] }[] = [];
  readonly #otherwise: Template[] = [];

  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid, parser: Parser) {
    super(token, remaining, liquid);
    let current = this.#branch(token.args);
    let closed = false;
    const stream = parser.parseStream(remaining);
    stream
      .on("tag:elif", (tag: TagToken) => {
        if (current === this.#otherwise) throw new Error('"elif" after "else"');
        current = this.#branch(tag.args);
      })
      .on("tag:elsif", () => {
        throw new Error('write "elif" instead of "elsif"');
      })
      .on("tag:else", () => {
        current = this.#otherwise;
      })
      .on("tag:endif", () => {
        closed = true;
        stream.stop();
      })
      .on("template", (template: Template) => current.push(template))
      .start();
    if (!closed) throw new Error(`{% if ${token.args} %} is not closed by {% endif %}`);
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
