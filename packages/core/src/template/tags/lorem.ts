import { type Context, type Emitter, type Liquid, Tag, type TagToken, type TopLevelToken } from "liquidjs";
import { compileValue, splitArguments, type TagValue } from "../arguments.ts";
import { toText } from "../output.ts";

const COMMON =
  "Lorem ipsum dolor sit amet, consectetur adipisicing elit, sed do eiusmod tempor incididunt ut labore et dolore magna " +
  "aliqua. Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo consequat. " +
  "Duis aute irure dolor in reprehenderit in voluptate velit esse cillum dolore eu fugiat nulla pariatur. Excepteur sint " +
  "occaecat cupidatat non proident, sunt in culpa qui officia deserunt mollit anim id est laborum.";
const WORDS = COMMON.toLowerCase().replace(/[.,]/g, "").split(" ");
/** How many words begin a text that is not random. */
const FIRST = 19;
/** More is a mistake, or an attack. */
const MOST = 10_000;

function random(most: number): number {
  return Math.floor(Math.random() * most);
}

function words(count: number): string[] {
  return Array.from({ length: count }, () => WORDS[random(WORDS.length)] as string);
}

function sentence(): string {
  const text = words(4 + random(9)).join(" ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function paragraph(): string {
  return Array.from({ length: 1 + random(4) }, sentence).join(" ");
}

/** `{% lorem 3 p random %}`: a text to fill a page with; `w` words, `p` paragraphs in `<p>`, `b` plain paragraphs. */
export class LoremTag extends Tag {
  readonly #count: TagValue | undefined;
  readonly #method: string;
  readonly #random: boolean;

  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid) {
    super(token, remaining, liquid);
    const parts = splitArguments(token.args);
    this.#random = parts.at(-1) === "random" && parts.pop() !== undefined;
    this.#method = /^[wpb]$/.test(parts.at(-1) ?? "") ? (parts.pop() as string) : "b";
    const [count, ...others] = parts;
    if (others.length > 0) throw new Error("write {% lorem count w|p|b random %}");
    this.#count = count === undefined ? undefined : compileValue(count, liquid);
  }

  override *render(context: Context, emitter: Emitter): Generator<unknown, void, unknown> {
    const wanted = this.#count === undefined ? 1 : Math.trunc(Number(toText(yield this.#count.value(context))));
    const count = Number.isNaN(wanted) ? 1 : Math.min(Math.max(wanted, 0), MOST);
    if (this.#method === "w") {
      const first = this.#random ? [] : WORDS.slice(0, Math.min(FIRST, count));
      emitter.write([...first, ...words(count - first.length)].join(" "));
      return;
    }
    const paragraphs = Array.from({ length: count }, (_item, index) =>
      index === 0 && !this.#random ? COMMON : paragraph(),
    );
    emitter.write(paragraphs.map((text) => (this.#method === "p" ? `<p>${text}</p>` : text)).join("\n\n"));
  }
}
