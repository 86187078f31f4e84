import { type Context, type Emitter, type Liquid, Tag, type TagToken, type TopLevelToken } from "liquidjs";
import { readArguments, type TagArguments, type TagValue } from "../arguments.ts";
import { enterTemplate, setChain } from "../depth.ts";
import { toText } from "../output.ts";
import { renderNamed } from "./with.ts";

/** `{% include "part.html" %}`, `{% include "part.html" with book=b only %}`. */
export class IncludeTag extends Tag {
  readonly #args: TagArguments;
  readonly #name: TagValue;
  readonly #file: string | undefined;

  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid) {
    super(token, remaining, liquid);
    this.#args = readArguments(token.args, liquid, ["with", "only"]);
    const [name, ...others] = this.#args.positional;
    if (name === undefined || others.length > 0) throw new Error('write {% include "name.html" with key=value %}');
    this.#name = name;
    this.#file = token.file;
  }

  override *render(context: Context, emitter: Emitter): Generator<unknown, void, unknown> {
    const { renderer } = this.liquid;
    const name = toText(yield this.#name.value(context));
    if (name === "") throw new Error("the name of the included template is empty");
    const chain = enterTemplate(context, name);
    const scope = (yield renderNamed(this.#args, context)) as object;
    const templates = (yield this.liquid._parsePartialFile(name, false, this.#file)) as Parameters<
      typeof renderer.renderTemplates
    >[0];
    if (this.#args.words.has("only")) {
      yield renderer.renderTemplates(templates, context.spawn(scope), emitter);
      setChain(context, chain);
      return;
    }
    // Blocks of an included template are its own, not those of the including one.
    const saved = context.saveRegister("blocks", "blockMode");
    context.setRegister("blocks", {});
    context.setRegister("blockMode", 0);
    context.push(scope);
    yield renderer.renderTemplates(templates, context, emitter);
    context.pop();
    context.restoreRegister(saved);
    setChain(context, chain);
  }
}
