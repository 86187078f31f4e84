import { join, resolve } from "node:path";
import type { Settings } from "@tsjango/kernel/conf";
import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { Liquid, LookupType, type Template } from "liquidjs";
import { TemplateDoesNotExist } from "../exceptions.ts";
import { HttpRequest } from "../http/request.ts";
import type { ContextProcessor, TemplateBackend } from "../settings.ts";
import { plainStaticUrl } from "../staticfiles/static-files.ts";
import { isThenable } from "../utils/is-thenable.ts";
import { TemplateContext } from "./context.ts";
import { drive, whenThere } from "./drive.ts";
import { templateError } from "./errors.ts";
import { STRINGS, templateFiles } from "./files.ts";
import { registerFilters } from "./filters/index.ts";
import type { LoadedLibrary } from "./libraries.ts";
import { registerLibrary } from "./library.ts";
import { noteReferences, noteTemplate } from "./note-templates.ts";
import { written } from "./output.ts";
import { keepParsedFiles } from "./parsed-files.ts";
import { renderAtOnce, renderTemplates } from "./render.ts";
import { CONSTANTS, variablesBehind } from "./request-variables.ts";
import { makeScope } from "./scope.ts";
import { prepareSource } from "./source.ts";
import { registerTags } from "./tags/index.ts";
import { findPartial } from "./tags/partial.ts";

/** Renders a project's templates. */
export interface TemplateEngine {
  /** The directories it looks in, in order. */
  readonly directories: readonly string[];
  /** Whether there is a template of this name. Ask for a fixed few: the answers are kept unless `debug` is on. */
  has(name: string): Promise<boolean>;
  /** The first of these names that there is. @throws TemplateDoesNotExist where there is none */
  select(names: string | readonly string[]): Promise<string>;
  /**
   * Renders a template, or with `"page.html#name"` the part of it that `{% partialdef name %}` defines.
   * @throws TemplateDoesNotExist, TemplateError naming file and line
   */
  render(name: string, context?: object): Promise<string>;
  /** Renders a template given as text. @throws TemplateError */
  renderText(text: string, context?: object): Promise<string>;
}

/** What an engine is made from. */
export type TemplateEngineSettings = Pick<Settings, "debug" | "staticUrl" | "baseDir" | "installedApps"> & {
  readonly templates: Partial<Settings["templates"]>;
};

/** What a site brings to its engine. */
export interface TemplateEngineParts {
  /** The template libraries of the apps. */
  readonly libraries?: readonly LoadedLibrary[];
  /** The address of a static file. */
  readonly staticUrl?: (name: string) => string;
}

function createLiquid(
  directories: readonly string[],
  settings: TemplateEngineSettings,
  { libraries, staticUrl }: Required<TemplateEngineParts>,
): Liquid {
  const { strings = {} } = settings.templates;
  const liquid = new Liquid({
    root: [STRINGS, ...directories],
    outputEscape(this: { readonly context: TemplateContext }, value: unknown) {
      return written(value, this.context);
    },
    strictFilters: true,
    ownPropertyOnly: false,
    globals: CONSTANTS,
    fs: templateFiles(strings),
  });
  if (!settings.debug) keepParsedFiles(liquid);
  noteReferences(liquid);
  renderAtOnce(liquid);
  registerFilters(liquid);
  registerTags(liquid, { ...settings, staticUrlOf: staticUrl }, new Set(libraries.map(({ name }) => name)));
  const taken = new Map<string, string>();
  for (const { file, library } of libraries) registerLibrary(liquid, file, library, taken);
  return liquid;
}

/** A promise that fails while the template waits for another is the error of who reads it, not one that nobody hears. */
function hearFailures(context: object): void {
  for (const value of Object.values(context)) if (value instanceof Promise) value.catch(() => undefined);
}

/** The variables of all context processors for a request, later ones over earlier. */
async function processed(processors: readonly ContextProcessor[], context: object): Promise<object> {
  const { request } = context as { readonly request?: unknown };
  if (processors.length === 0 || !(request instanceof HttpRequest)) return {};
  return Object.assign({}, ...(await Promise.all(processors.map((processor) => processor(request)))));
}

/**
 * The template engine of a project: LiquidJS under Django's tags and filters. Templates are looked for in the settings
 * `templates.strings` and `templates.dirs`, then in the `templates/` directories of the apps; parsed ones are kept unless
 * `debug` is on. Backends of the setting `templates.backends` are asked first.
 */
export function createTemplateEngine(
  settings: TemplateEngineSettings,
  { libraries = [], staticUrl = plainStaticUrl(settings.staticUrl) }: TemplateEngineParts = {},
): TemplateEngine {
  const { dirs = [], contextProcessors = [], backends: makeBackends = [] } = settings.templates;
  const directories = [
    ...dirs.map((directory) => resolve(settings.baseDir, directory)),
    ...settings.installedApps.map((app) => join(app.path, "templates")),
  ];
  const liquid = createLiquid(directories, settings, { libraries, staticUrl });
  const backends = makeBackends.map((make) => make({ directories, debug: settings.debug }));
  const known = { directories, tags: () => Object.keys(liquid.tags), filters: () => Object.keys(liquid.filters) };
  const absent = new Set<string>();

  async function rendered(name: string, context: object, parse: () => unknown): Promise<string> {
    hearFailures(context);
    const variables = contextProcessors.length === 0 ? undefined : await processed(contextProcessors, context);
    try {
      const parsed = parse();
      const templates = (isThenable(parsed) ? await parsed : parsed) as Template[];
      const scope = makeScope(variables, context);
      const options = { globals: variablesBehind(scope, settings.debug) };
      const html = renderTemplates(templates, new TemplateContext(scope, liquid.options, options, { liquid }));
      return String(isThenable(html) ? await html : html);
    } catch (error) {
      throw templateError(error, name, known);
    }
  }

  const parseFile = (file: string) => drive(liquid._parseFile(file, false, LookupType.Root));

  function parseNamed(name: string): unknown {
    const [file = "", partial] = name.split("#");
    const parsed = parseFile(file);
    if (partial === undefined) return parsed;
    return whenThere(parsed, (templates) => {
      const found = partialOf(templates as Template[], partial);
      if (found !== undefined) return found;
      throw new Error(`there is no {% partialdef ${partial} %} in ${file}`);
    });
  }

  function partialOf(templates: readonly Template[], partial: string): Template[] | undefined {
    const path = (templates.find((template) => template.token.file !== undefined) ?? templates[0])?.token.file ?? "";
    return findPartial(liquid, path, partial);
  }

  async function backendOf(name: string): Promise<TemplateBackend | undefined> {
    for (const backend of backends) if (await backend.has(name)) return backend;
    return undefined;
  }

  async function has(name: string): Promise<boolean> {
    if ((await backendOf(name)) !== undefined) return true;
    // Without debug, what is not there stays not there: a flood of 404s does not search the disk each time.
    if (absent.has(name)) return false;
    try {
      const [file = "", partial] = name.split("#");
      const templates = (await parseFile(file)) as Template[];
      const found = partial === undefined || partialOf(templates, partial) !== undefined;
      if (!found && !settings.debug) absent.add(name);
      return found;
    } catch (error) {
      const failure = templateError(error, name, known);
      if (!(failure instanceof TemplateDoesNotExist)) throw failure;
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
    async render(name, context = {}) {
      noteTemplate(name, context);
      const backend = backends.length === 0 ? undefined : await backendOf(name);
      if (backend === undefined) return rendered(name, context, () => parseNamed(name));
      return backend.render(name, { ...(await processed(contextProcessors, context)), ...context });
    },
    renderText: (text, context = {}) => rendered("a text", context, () => liquid.parse(prepareSource(text))),
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
