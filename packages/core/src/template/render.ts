import {
  type Context,
  type Emitter,
  type Liquid,
  LiquidError,
  Output,
  RenderError,
  type Template,
  TokenKind,
} from "liquidjs";
import { isThenable } from "../utils/is-thenable.ts";
import { drive } from "./drive.ts";
import { compileFiltered } from "./evaluate.ts";
import { toText, written } from "./output.ts";

/** What a rendering has written. */
class Text implements Emitter {
  buffer = "";

  write(html: unknown): void {
    this.buffer += typeof html === "string" ? html : toText(html);
  }
}

/** Writes one node of a template; a promise where it has to wait. */
type Write = (context: Context, emitter: Emitter) => unknown;

/** Lists of templates are compiled when they are rendered first. */
const compiled = new WeakMap<readonly Template[], readonly Write[]>();

function writersOf(templates: readonly Template[]): readonly Write[] {
  let writers = compiled.get(templates);
  if (writers === undefined) {
    writers = templates.map(compile);
    compiled.set(templates, writers);
  }
  return writers;
}

function compile(template: Template): Write {
  if (template instanceof Output) return compileOutput(template);
  if (template.token.kind === TokenKind.HTML) {
    const html = String((template as unknown as { readonly str: string }).str);
    return (_context, emitter) => emitter.write(html);
  }
  return (context, emitter) => {
    const html = drive(template.render(context, emitter));
    return isThenable(html) ? writeTextLater(html, emitter) : writeText(html, emitter);
  };
}

// Closures have functions of their own here: what makes one allocates for it at each call, used or not.

function writeTextLater(html: PromiseLike<unknown>, emitter: Emitter): PromiseLike<void> {
  return html.then((there) => writeText(there, emitter));
}

/** What a tag gives in place of writing it. */
function writeText(html: unknown, emitter: Emitter): void {
  if (html) emitter.write(html);
}

function compileOutput({ value: { initial, filters } }: Output): Write {
  // The engine puts its `outputEscape` behind the filters, unless the last of them is "raw".
  const isRaw = filters.at(-1)?.raw === true;
  const evaluate = compileFiltered({ initial, filters: isRaw ? filters : filters.slice(0, -1) });
  const show = isRaw ? toText : written;
  return (context, emitter) => {
    const value = evaluate(context);
    if (typeof value !== "object" || !isThenable(value)) return emitter.write(show(value, context));
    return showLater(value, show, context, emitter);
  };
}

function showLater(
  value: PromiseLike<unknown>,
  show: (value: unknown, context: Context) => string,
  context: Context,
  emitter: Emitter,
): PromiseLike<void> {
  return value.then((there) => emitter.write(show(there, context)));
}

/** An error with the place in the template where it came up. */
function located(error: unknown, template: Template): Error {
  return LiquidError.is(error) ? (error as Error) : new RenderError(error as Error, template);
}

/** Renders templates one after the other; gives what is written, or a promise of it where something has to be awaited. */
export function renderTemplates(
  templates: readonly Template[],
  context: Context,
  emitter: Emitter = new Text(),
  from = 0,
): unknown {
  const writers = writersOf(templates);
  for (let at = from; at < writers.length; at++) {
    let waiting: unknown;
    try {
      waiting = (writers[at] as Write)(context, emitter);
    } catch (error) {
      throw located(error, templates[at] as Template);
    }
    if (waiting !== undefined && isThenable(waiting)) return renderLater(waiting, templates, context, emitter, at);
    if (isLeft(context)) break;
  }
  return emitter.buffer;
}

/** Goes on behind the one that is waited for. */
function renderLater(
  waiting: PromiseLike<unknown>,
  templates: readonly Template[],
  context: Context,
  emitter: Emitter,
  at: number,
): PromiseLike<unknown> {
  return waiting.then(
    () => (isLeft(context) ? emitter.buffer : renderTemplates(templates, context, emitter, at + 1)),
    (error: unknown) => {
      throw located(error, templates[at] as Template);
    },
  );
}

/** Renders templates into a text; a promise where it has to wait. */
export function writeTemplates(
  templates: readonly Template[],
  context: Context,
  emitter: Emitter,
): void | Promise<void> {
  const rendered = renderTemplates(templates, context, emitter);
  // What was written is not to be written again.
  return isThenable(rendered) ? Promise.resolve(rendered).then(() => undefined) : undefined;
}

/** Whether `{% break %}` or `{% continue %}` leaves the rest out. */
function isLeft(context: Context): boolean {
  return context.breakCalled || context.continueCalled;
}

/** Has an engine render in one go what needs not wait. */
export function renderAtOnce(liquid: Liquid): void {
  // Typed as the generator that it is in LiquidJS; whoever calls it runs generators and awaits promises alike.
  liquid.renderer.renderTemplates = renderTemplates as unknown as typeof liquid.renderer.renderTemplates;
}
