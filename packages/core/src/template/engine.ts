import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Settings } from "@tsjango/kernel/conf";
import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { defaultOptions, LayoutTag, Liquid } from "liquidjs";
import { TemplateDoesNotExist } from "../exceptions.ts";
import type {} from "../settings.ts";
import { TemplateContext } from "./context.ts";
import { templateError } from "./errors.ts";
import { registerFilters } from "./filters.ts";
import { noteReferences, noteTemplate } from "./note-templates.ts";
import { toHtml } from "./output.ts";
import { requestVariables } from "./request-variables.ts";
import { prepareSource } from "./source.ts";
import { CsrfTokenTag } from "./tags/csrf-token.ts";
import { ForTag } from "./tags/for.ts";
import { IfTag } from "./tags/if.ts";
import { IncludeTag } from "./tags/include.ts";
import { staticTag } from "./tags/static.ts";
import { UrlTag } from "./tags/url.ts";
import { WithTag } from "./tags/with.ts";

/** Renders a project's templates. */
export interface TemplateEngine {
  /** The directories it looks in, in order. */
  readonly directories: readonly string[];
  /** Whether there is a template of this name. Ask for a fixed few: the answers are kept unless `debug` is on. */
  has(name: string): Promise<boolean>;
  /** The first of these names that there is. @throws TemplateDoesNotExist where there is none */
  select(names: string | readonly string[]): Promise<string>;
  /** @throws TemplateDoesNotExist, TemplateError naming file and line */
  render(name: string, context?: object): Promise<string>;
  /** Renders a template given as text. @throws TemplateError */
  renderText(text: string, context?: object): Promise<string>;
}

/** Tags of LiquidJS whose Django counterparts are spelled or work otherwise. */
const REMOVED: readonly string[] = [
  "unless",
  "layout",
  "tablerow",
  "increment",
  "decrement",
  "echo",
  "liquid",
  "render",
];

function createLiquid(directories: readonly string[], settings: Pick<Settings, "debug" | "staticUrl">): Liquid {
  const liquid = new Liquid({
    root: [...directories],
    cache: !settings.debug,
    outputEscape: toHtml,
    strictFilters: true,
    ownPropertyOnly: false,
    globals: { None: null, True: true, False: false },
    fs: { ...defaultOptions.fs, readFile: async (file: string) => prepareSource(await readFile(file, "utf8")) },
  });
  noteReferences(liquid);
  registerFilters(liquid);
  for (const name of REMOVED) delete liquid.tags[name];
  liquid.registerTag("csrf_token", CsrfTokenTag);
  liquid.registerTag("extends", LayoutTag);
  liquid.registerTag("for", ForTag);
  liquid.registerTag("if", IfTag);
  liquid.registerTag("include", IncludeTag);
  liquid.registerTag("static", staticTag(settings.staticUrl));
  liquid.registerTag("url", UrlTag);
  liquid.registerTag("with", WithTag);
  return liquid;
}

/**
 * The template engine of a project: LiquidJS under Django's tags and filters. Templates are looked for in the setting
 * `templates.dirs`, then in the `templates/` directories of the apps; parsed ones are kept unless `debug` is on.
 */
export function createTemplateEngine(
  settings: Pick<Settings, "debug" | "staticUrl" | "baseDir" | "templates" | "installedApps">,
): TemplateEngine {
  const directories = [
    ...settings.templates.dirs.map((directory) => resolve(settings.baseDir, directory)),
    ...settings.installedApps.map((app) => join(app.path, "templates")),
  ];
  const liquid = createLiquid(directories, settings);
  const absent = new Set<string>();

  async function rendered(
    name: string,
    context: object,
    parse: () => Promise<ReturnType<Liquid["parse"]>>,
  ): Promise<string> {
    try {
      const templates = await parse();
      const scope = Object.assign(Object.create(requestVariables(context)), context);
      return String(await liquid.render(templates, new TemplateContext(scope, liquid.options, {}, { liquid })));
    } catch (error) {
      throw templateError(error, name, directories);
    }
  }

  async function has(name: string): Promise<boolean> {
    // Without debug, what is not there stays not there: a flood of 404s does not search the disk each time.
    if (absent.has(name)) return false;
    try {
      await liquid.parseFile(name);
      return true;
    } catch (error) {
      const known = templateError(error, name, directories);
      if (!(known instanceof TemplateDoesNotExist)) throw known;
      if (!settings.debug) absent.add(name);
      return false;
    }
  }

  return {
    directories,
    has,
    async select(names) {
      if (typeof names === "string") return names;
      if (names.length === 1) return names[0] as string;
      for (const name of names) if (await has(name)) return name;
      throw new TemplateDoesNotExist(
        `There is none of the templates ${names.map((name) => JSON.stringify(name)).join(", ")}. ` +
          `Looked in: ${directories.join(", ") || "no directory"}.`,
      );
    },
    render(name, context = {}) {
      noteTemplate(name, context);
      return rendered(name, context, () => liquid.parseFile(name));
    },
    renderText: (text, context = {}) => rendered("a text", context, async () => liquid.parse(prepareSource(text))),
  };
}

let active: TemplateEngine | undefined;

/** Puts an engine in force for `render`; `getAsgiApplication` calls it. */
export function setTemplateEngine(engine: TemplateEngine): void {
  active = engine;
}

/** The engine in force. Throws ImproperlyConfigured before there is one. */
export function getTemplateEngine(): TemplateEngine {
  if (active !== undefined) return active;
  throw new ImproperlyConfigured(
    "The templates are not set up yet. They are when the application is made by getAsgiApplication(settings).",
  );
}
