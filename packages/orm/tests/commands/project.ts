import { join } from "node:path";
import { apps, defineApp } from "@tsjango/kernel/apps";
import { configure, type Settings } from "@tsjango/kernel/conf";
import type { Command, CommandOutput } from "@tsjango/kernel/management";
import { connections } from "../../src/connections.ts";
import { OPTIONS } from "../../src/constants.ts";
import type { Field } from "../../src/fields/field.ts";
import { type IndexOptions, type ModelType, Options, type OptionsInit } from "../../src/models/options.ts";
import { projectDirectory } from "../migrations/project.ts";

/** A prepared model, as the registry of apps holds it. */
export function preparedModel(
  label: string,
  fields: Record<string, Field>,
  more: Partial<OptionsInit> & { indexes?: readonly IndexOptions[] } = {},
): ModelType {
  const [appLabel, name] = label.split(".") as [string, string];
  const model = { [name]: class {} }[name] as unknown as ModelType;
  const options = new Options({
    model,
    appLabel,
    dbTable: `${appLabel}_${name.toLowerCase()}`,
    managed: true,
    abstract: false,
    proxyFor: undefined,
    fields: Object.entries(fields).map(([key, field]) => field.bind(key, model)),
    reverseRelations: [],
    ordering: [],
    indexes: [],
    constraints: [],
    verboseName: name,
    ...more,
  });
  Object.defineProperty(model, OPTIONS, { value: options });
  return model;
}

/** What a command printed and gave. */
export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A project on disk with an SQLite database, whose models can be other ones at each step. */
export class TestProject implements AsyncDisposable {
  readonly #directory: ReturnType<typeof projectDirectory>;
  #settings: Settings | undefined;

  constructor(files: Record<string, string> = {}) {
    this.#directory = projectDirectory(files);
  }

  get path(): string {
    return this.#directory.path;
  }

  /** Installs apps with these models, by label: the code as it is from now on. */
  async use(models: Record<string, readonly ModelType[]>, databaseUrl = "sqlite:db.sqlite3"): Promise<void> {
    const installedApps = Object.entries(models).map(([label, own]) =>
      defineApp({
        name: label,
        path: join(this.path, label),
        models: async () => Object.fromEntries(own.map((model) => [model.name, model])),
      }),
    );
    const settings = { baseDir: this.path, installedApps, databases: { default: { url: databaseUrl } } };
    this.#settings = settings as unknown as Settings;
    await connections.closeAll();
    configure(this.#settings);
    await apps.load(installedApps);
  }

  /** Runs a command; options as the command line would have parsed them. */
  async run(
    command: Command,
    args: readonly string[] = [],
    options: Record<string, unknown> = {},
  ): Promise<CommandResult> {
    const [out, err]: [string[], string[]] = [[], []];
    const output: CommandOutput = {
      log: (line = "") => void out.push(line),
      error: (line) => void err.push(line),
      style: (_format, text) => text,
      interactive: false,
    };
    const given = Object.entries(command.options ?? {}).map(([name, option]) => {
      const value = options[name];
      return [name, typeof value === "string" && option.parse ? option.parse(value) : (value ?? option.default)];
    });
    const code = await command.run({
      args,
      options: Object.fromEntries(given),
      output,
      settings: this.#settings as Settings,
      project: { directory: this.path, settingsFile: join(this.path, "settings.ts") },
      cwd: this.path,
    });
    return { code: code ?? 0, out: out.join("\n"), err: err.join("\n") };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await connections.closeAll();
    this.#directory[Symbol.dispose]();
  }
}
