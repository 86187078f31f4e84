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
import { writeTemplates } from "../render.ts";
import { readBody } from "./body.ts";

interface Branch {
  readonly condition: Condition;
  readonly templates: readonly Template[];
}

/** `{% if %}` … `{% elif %}` … `{% else %}` … `{% endif %}`, with Django's operators and truth. */
export class IfTag extends Tag {
  readonly #branches: Branch[] = [];
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

  override render(context: Context, emitter: Emitter): unknown {
    return this.#renderFrom(0, context, emitter);
  }

  #renderFrom(from: number, context: Context, emitter: Emitter): unknown {
    for (let at = from; at < this.#branches.length; at++) {
      const { condition, templates } = this.#branches[at] as Branch;
      const holds = condition(context);
      if (holds === true) return writeTemplates(templates, context, emitter);
      if (holds === false) continue;
      return this.#renderLater(holds, at, context, emitter);
    }
    return writeTemplates(this.#otherwise, context, emitter);
  }

  #renderLater(holds: Promise<boolean>, at: number, context: Context, emitter: Emitter): Promise<unknown> {
    return holds.then((there) =>
      there
        ? writeTemplates((this.#branches[at] as Branch).templates, context, emitter)
        : this.#renderFrom(at + 1, context, emitter),
    );
  }
}
