import { inspect } from "node:util";
import { type Context, type Emitter, type Liquid, Tag, type TagToken, type TopLevelToken } from "liquidjs";
import { escapeHtml } from "../../utils/escape-html.ts";
import { readArguments, splitArguments, type TagArguments } from "../arguments.ts";
import { formatDateAs } from "../filters/dates.ts";
import { toText, written } from "../output.ts";
import { isTrue } from "../truth.ts";
import { setVariable } from "./state.ts";

/** A tag of arguments that writes one value, or with `as name` sets a variable. */
abstract class ValueTag extends Tag {
  readonly args: TagArguments;

  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid) {
    super(token, remaining, liquid);
    this.args = readArguments(token.args, liquid);
  }

  /** The value, out of those of the arguments. */
  abstract value(values: readonly unknown[]): unknown;

  override *render(context: Context, emitter: Emitter): Generator<unknown, void, unknown> {
    const values: unknown[] = [];
    for (const argument of this.args.positional) values.push(yield argument.value(context));
    const value = this.value(values);
    if (this.args.target === undefined) emitter.write(written(value, context));
    else setVariable(context, this.args.target, value);
  }
}

/** `{% firstof a b "none" %}`: the first that is true. */
export class FirstOfTag extends ValueTag {
  value(values: readonly unknown[]): unknown {
    return values.find(isTrue) ?? "";
  }
}

/** `{% now "jS F Y" %}`: the date and time, in UTC. */
export class NowTag extends ValueTag {
  value([format = "DATE_FORMAT"]: readonly unknown[]): string {
    return formatDateAs(new Date(), toText(format));
  }
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** `{% widthratio value most width %}`: the whole number nearest to value / most × width. */
export class WidthRatioTag extends ValueTag {
  value([value, most, width, ...others]: readonly unknown[]): string {
    if (width === undefined || others.length > 0) throw new Error("write {% widthratio value most width %}");
    const size = Number(toText(width));
    if (!Number.isInteger(size)) throw new Error(`the width of {% widthratio %} is no whole number: ${inspect(width)}`);
    const [part, whole] = [value, most].map((number) => (toText(number) === "" ? Number.NaN : Number(toText(number))));
    if (whole === 0) return "0";
    const ratio = ((part as number) / (whole as number)) * size;
    return Number.isFinite(ratio) ? String(roundHalfToEven(ratio)) : "";
  }
}

const SYNTAX: Readonly<Record<string, string>> = {
  openblock: "{%",
  closeblock: "%}",
  openvariable: "{{",
  closevariable: "}}",
  openbrace: "{",
  closebrace: "}",
  opencomment: "{#",
  closecomment: "#}",
};

/** `{% templatetag openblock %}`: a sign of the template language itself. */
export class TemplateTagTag extends Tag {
  readonly #text: string;

  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid) {
    super(token, remaining, liquid);
    const text = SYNTAX[token.args.trim()];
    if (text === undefined)
      throw new Error(`{% templatetag %} knows ${Object.keys(SYNTAX).join(", ")}; found ${token.args}`);
    this.#text = text;
  }

  override render(_context: Context, emitter: Emitter): void {
    emitter.write(this.#text);
  }
}

/** `{% load name %}`: says which libraries a template uses; all of them are there anyhow. */
export function loadTag(libraries: ReadonlySet<string>): new (...args: ConstructorParameters<typeof Tag>) => Tag {
  return class LoadTag extends Tag {
    constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid) {
      super(token, remaining, liquid);
      const words = splitArguments(token.args);
      const names = words.at(-2) === "from" ? words.slice(-1) : words;
      for (const name of names) {
        if (libraries.has(name)) continue;
        throw new Error(
          `there is no template library ${JSON.stringify(name)}: there are ${[...libraries].join(", ")}. ` +
            `One is a module in the directory "templatetags" of an installed app.`,
        );
      }
    }

    override render(): void {}
  };
}

/** `{% debug %}`: the variables in sight, with the setting `debug` on. */
export function debugTag(debug: boolean): new (...args: ConstructorParameters<typeof Tag>) => Tag {
  return class DebugTag extends Tag {
    override render(context: Context, emitter: Emitter): void {
      if (debug) emitter.write(escapeHtml(inspect(context.getAll(), { depth: 3 })));
    }
  };
}
