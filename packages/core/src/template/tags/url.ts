import { type Context, type Emitter, type Liquid, Tag, type TagToken, type TopLevelToken } from "liquidjs";
import { NoReverseMatch } from "../../exceptions.ts";
import { HttpRequest } from "../../http/request.ts";
import { currentRequest } from "../../http/request-context.ts";
import { getUrlResolver, reverseIn } from "../../urls/reverse.ts";
import { escapeHtml } from "../../utils/escape-html.ts";
import { isThenable } from "../../utils/is-thenable.ts";
import { readArguments, type TagArguments, type TagValue } from "../arguments.ts";
import { readVariable } from "../context.ts";
import { toText } from "../output.ts";
import type { Scope } from "../scope.ts";
import { setVariable } from "./state.ts";
import { renderNamed } from "./with.ts";

/** `{% url "blog:article" year=2026 slug=post.slug %}`; with `as name`, a variable that is empty without a match. */
export class UrlTag extends Tag {
  readonly #args: TagArguments;
  readonly #name: TagValue;

  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid) {
    super(token, remaining, liquid);
    this.#args = readArguments(token.args, liquid);
    const [name, ...others] = this.#args.positional;
    if (name === undefined || others.length > 0) throw new Error('write {% url "name" key=value %}');
    this.#name = name;
  }

  override render(context: Context, emitter: Emitter): unknown {
    const name = this.#name.value(context);
    const params = renderNamed(this.#args, context);
    const request = readVariable(context, "request");
    if (isThenable(name) || isThenable(params) || isThenable(request))
      return this.#writeLater(context, emitter, [name, params, request]);
    return this.#write(context, emitter, name, params, request);
  }

  #write(context: Context, emitter: Emitter, name: unknown, params: Scope, request: unknown): void {
    const url = this.#reverse(toText(name), params, request);
    const { target } = this.#args;
    if (target === undefined) emitter.write(escapeHtml(url));
    else setVariable(context, target, url);
  }

  async #writeLater(context: Context, emitter: Emitter, parts: readonly unknown[]): Promise<void> {
    const [name, params, request] = await Promise.all(parts);
    this.#write(context, emitter, name, params as Scope, request);
  }

  #reverse(name: string, params: Scope, request: unknown): string {
    const match = request instanceof HttpRequest ? request.resolverMatch : currentRequest()?.resolverMatch;
    try {
      return reverseIn(getUrlResolver(), name, params, { currentApp: match?.namespaces.join(":") });
    } catch (error) {
      if (this.#args.target === undefined || !(error instanceof NoReverseMatch)) throw error;
      return "";
    }
  }
}
