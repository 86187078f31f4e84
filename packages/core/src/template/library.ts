import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { describeValue } from "@tsjango/kernel/utils";
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
import { HttpRequest } from "../http/request.ts";
import { readArguments, type TagArguments } from "./arguments.ts";
import { readVariable } from "./context.ts";
import { type FilterFunction, filter, isAutoescaped, registerFilter, type TemplateFilter } from "./filter.ts";
import { written } from "./output.ts";
import { SafeString } from "./safe-string.ts";
import { readBody } from "./tags/body.ts";
import { setVariable } from "./tags/state.ts";
import { renderNamed } from "./tags/with.ts";

/** How a tag was used: `{% greet user.name size=3 %}`. */
export interface TagCall {
  /** The values without a name, in order. */
  readonly args: readonly unknown[];
  /** Those with one. */
  readonly named: Readonly<Record<string, unknown>>;
  /** The request that the page is for; undefined where a template is rendered without one. */
  readonly request: HttpRequest | undefined;
  /** Whether what the tag gives is escaped, unless it is safe. */
  readonly autoescape: boolean;
  /** A variable of the template; awaited where it is a promise. */
  variable(name: string): Promise<unknown>;
}

/** How a tag with an end was used: also what stands within it, rendered. */
export interface BlockTagCall extends TagCall {
  readonly content: SafeString;
}

/** A tag of an app's template library. */
export interface TemplateTag {
  /** The template that writes what the tag gives. */
  readonly template?: string | undefined;
  /** Whether `{% end… %}` closes it. */
  readonly hasBody: boolean;
  run(call: BlockTagCall): unknown;
}

/**
 * A tag that writes a value; a promise is awaited, and `as name` sets a variable instead.
 * @example
 * const greet = simpleTag(({ args: [name] }) => `Hello ${name}`); // {% greet user.name %}
 */
export function simpleTag(run: (call: TagCall) => unknown): TemplateTag {
  return { hasBody: false, run };
}

/**
 * A tag around a part of the page: `{% box %}` … `{% endbox %}`.
 * @example
 * const box = simpleBlockTag(({ content }) => markSafe(`<div class="box">${content}</div>`));
 */
export function simpleBlockTag(run: (call: BlockTagCall) => unknown): TemplateTag {
  return { hasBody: true, run };
}

/**
 * A tag that writes a template of its own, with the variables that `run` gives.
 * @example
 * const latest = inclusionTag("blog/latest.html", ({ args: [count] }) => ({ posts: Post.objects.all().slice(0, Number(count)) }));
 */
export function inclusionTag(template: string, run: (call: TagCall) => object | Promise<object>): TemplateTag {
  return { template, hasBody: false, run };
}

/** Filters and tags of an app, for all templates of the project. */
export interface TemplateLibrary {
  readonly filters: Readonly<Record<string, TemplateFilter>>;
  readonly tags: Readonly<Record<string, TemplateTag>>;
}

/**
 * What a module in an app's directory `templatetags` exports as default.
 * @throws ImproperlyConfigured for what is no filter or no tag.
 * @example
 * export default library({
 *   filters: { shout: (value: string) => `${value.toUpperCase()}!` },
 *   tags: { greet: simpleTag(({ args: [name] }) => `Hello ${name}`) },
 * });
 */
export function library({
  filters = {},
  tags = {},
}: {
  readonly filters?: Readonly<Record<string, TemplateFilter | FilterFunction>>;
  readonly tags?: Readonly<Record<string, TemplateTag>>;
}): TemplateLibrary {
  for (const [name, tag] of Object.entries(tags)) {
    if (typeof tag?.run === "function") continue;
    throw new ImproperlyConfigured(
      `The tag ${name} is ${describeValue(tag)}. Make it with simpleTag, simpleBlockTag or inclusionTag.`,
    );
  }
  const made = Object.entries(filters).map(([name, one]): [string, TemplateFilter] => {
    if (typeof one === "function") return [name, filter(one)];
    if (typeof one?.apply === "function") return [name, one];
    throw new ImproperlyConfigured(
      `The filter ${name} is ${describeValue(one)}. Give a function, or filter(function).`,
    );
  });
  return { filters: Object.fromEntries(made), tags };
}

/** Gives an engine what a library brings; a name that is taken is refused. */
export function registerLibrary(
  liquid: Liquid,
  source: string,
  { filters, tags }: TemplateLibrary,
  taken: Map<string, string>,
): void {
  const claim = (kind: string, name: string, isBuiltin: boolean) => {
    const owner = taken.get(`${kind} ${name}`) ?? (isBuiltin ? "tsjango" : undefined);
    if (owner !== undefined) {
      throw new ImproperlyConfigured(
        `The template ${kind} "${name}" of ${source} is there already, by ${owner}. Give it another name.`,
      );
    }
    taken.set(`${kind} ${name}`, source);
  };
  for (const [name, one] of Object.entries(filters)) {
    claim("filter", name, name in liquid.filters);
    registerFilter(liquid, name, { ...one, apply: onPlainText(one.apply) });
  }
  for (const [name, tag] of Object.entries(tags)) {
    claim("tag", name, name in liquid.tags);
    liquid.registerTag(name, tagClass(tag));
  }
}

/** What is safe is a text like others to a filter or tag of an app. */
function plain(value: unknown): unknown {
  return value instanceof SafeString ? value.toString() : value;
}

function onPlainText(apply: FilterFunction): FilterFunction {
  return function filter(value, ...args) {
    return apply.call(this, plain(value) as never, ...(args.map(plain) as never[]));
  };
}

function tagClass(tag: TemplateTag): new (...args: [TagToken, TopLevelToken[], Liquid, Parser]) => Tag {
  return class CustomTag extends Tag {
    readonly #args: TagArguments;
    readonly #body: Template[];

    constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid, parser: Parser) {
      super(token, remaining, liquid);
      this.#args = readArguments(token.args, liquid);
      this.#body = tag.hasBody ? readBody(token, remaining, parser) : [];
    }

    override *render(context: Context, emitter: Emitter): Generator<unknown, void, unknown> {
      const { renderer } = this.liquid;
      const args: unknown[] = [];
      for (const argument of this.#args.positional) args.push(plain(yield argument.value(context)));
      const given = (yield renderNamed(this.#args, context)) as Record<string, unknown>;
      const named = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, plain(value)]));
      const content = new SafeString(String(yield renderer.renderTemplates(this.#body, context)));
      const request = yield readVariable(context, "request");
      const value = yield tag.run({
        args,
        named,
        content,
        request: request instanceof HttpRequest ? request : undefined,
        autoescape: isAutoescaped(context),
        variable: async (name) => context.get([name]),
      });
      if (tag.template !== undefined) {
        const scope = { request, csrf_token: yield readVariable(context, "csrf_token"), ...(value as object) };
        const templates = (yield this.liquid._parsePartialFile(tag.template, false)) as Template[];
        yield renderer.renderTemplates(templates, context.spawn(scope), emitter);
      } else if (this.#args.target === undefined) emitter.write(written(value, context));
      else setVariable(context, this.#args.target, value);
    }
  };
}
