import { type Context, type Emitter, type Liquid, Tag, type TagToken, type TopLevelToken } from "liquidjs";
import { escapeHtml } from "../../utils/escape-html.ts";
import { readArguments, type TagArguments, type TagValue } from "../arguments.ts";
import { toText } from "../output.ts";
import { setVariable } from "./state.ts";

type TagDefinition = Parameters<Liquid["registerTag"]>[1];

/** Makes `{% get_static_prefix %}`: what the addresses of static files begin with. */
export function getStaticPrefixTag(staticUrl: string): TagDefinition {
  return class GetStaticPrefixTag extends Tag {
    readonly #args: TagArguments;

    constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid) {
      super(token, remaining, liquid);
      this.#args = readArguments(token.args, liquid);
    }

    override render(context: Context, emitter: Emitter): void {
      const { target } = this.#args;
      if (target === undefined) emitter.write(escapeHtml(staticUrl));
      else setVariable(context, target, staticUrl);
    }
  };
}

/** Makes `{% static "blog/style.css" %}`: the address of a static file. */
export function staticTag(staticUrlOf: (name: string) => string): TagDefinition {
  return class StaticTag extends Tag {
    readonly #args: TagArguments;
    readonly #name: TagValue;

    constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid) {
      super(token, remaining, liquid);
      this.#args = readArguments(token.args, liquid);
      const [name, ...others] = this.#args.positional;
      if (name === undefined || others.length > 0 || this.#args.named.size > 0) {
        throw new Error('write {% static "path/of/file.css" %}');
      }
      this.#name = name;
    }

    override *render(context: Context, emitter: Emitter): Generator<unknown, void, unknown> {
      const name = toText(yield this.#name.value(context));
      const url = staticUrlOf(name);
      const { target } = this.#args;
      if (target === undefined) emitter.write(escapeHtml(url));
      else setVariable(context, target, url);
    }
  };
}
