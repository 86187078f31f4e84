import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { z } from "zod";
import type { Check } from "../checks/check.ts";
import { ImproperlyConfigured } from "../exceptions.ts";
import type { LazyCommand } from "../management/command.ts";
import { callerFile, describeValue } from "../utils/index.ts";

/** One run of tests, as all its workers know it. */
export interface TestRun {
  /** A directory of this run alone, which is removed at its end. */
  readonly directory: string;
  /** Where files may stay from run to run. */
  readonly cacheDirectory: string;
  /** What workers were given stays for the next run. */
  readonly keepDatabases: boolean;
  /** What earlier runs have left is made anew. */
  readonly recreateDatabases: boolean;
}

/** How a test, or a file of tests, is to be run. */
export interface TestScope {
  /** What it writes is really committed, and cleaned away afterwards. */
  readonly transactional: boolean;
  /** Takes what tells more of the test where it fails; given only when such news is wanted. */
  readonly onFailed?: (report: () => string | undefined) => void;
}

/** A statement that goes to a database. */
export interface WatchedStatement {
  /** The alias of the database. */
  readonly alias: string;
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** Is told of the statements that go to databases. */
export interface StatementWatcher {
  /** Called before a statement is sent, by what sends it. */
  started?(statement: WatchedStatement): void;
  /** Called when it has been answered, or has failed. */
  settled?(statement: WatchedStatement, milliseconds: number): void;
}

/** Something that the development server shows when it has started. */
export interface StartupNotice {
  readonly text: string;
  /** "info" is said once, at the first start; "warning", the default, also when it has changed after a save. */
  readonly level?: "info" | "warning";
  /** The `tsjango` command that does what the text asks for, such as "migrate". */
  readonly command?: string;
}

/** Something that `tsjango about` tells. */
export type AboutValue = string | number | boolean | null | readonly string[];

/** What `tsjango about` tells under one heading, by name. */
export type AboutFacts = Readonly<Record<string, AboutValue>>;

/** Facts by heading. */
export type AboutSections = Readonly<Record<string, AboutFacts>>;

/** How an app undoes what is written to it; `tsjango shell --sandbox` works inside. */
export interface Sandbox {
  /** What is covered, for people: `the database "default"`. */
  readonly covers: string;
  /** Calls `run`; nothing that was written in it stays. */
  around(run: () => Promise<void>): Promise<void>;
  /** One input, inside `around`: where it fails, it is undone alone, and the next one can go on. */
  step(run: () => Promise<void>): Promise<void>;
}

/** What an app does around a test run. */
export interface TestHooks {
  /** Calls `listener` before each statement, from now on; returns what ends it. */
  watchStatements?(listener: (statement: WatchedStatement) => void): () => void;
  /** In each worker before each file of tests, after `setup()`; what it returns is called after the file. */
  setUpWorker?(workerId: number, run?: TestRun): Promise<(() => Promise<void>) | undefined>;
  /** Around all tests of a file, or of a `describe` with data of its own: calls `run` and cleans up. */
  aroundFile?(run: () => Promise<void>, scope: TestScope): Promise<void>;
  /** Around each test: calls `run` and cleans up. */
  aroundTest?(run: () => Promise<void>, scope?: TestScope): Promise<void>;
  /** Writes the rows of fixtures, by their files' names, to a database; gives how many there were. */
  loadFixtures?(names: readonly string[], options: { readonly using?: string | undefined }): Promise<number>;
  /** Once, when all workers have ended, in the process that started them; only where `directory` has files. */
  tearDownRun?(run: TestRun): Promise<void>;
}

/** An installed app: a value that says what a package brings to a project. Made by `defineApp`. */
export interface AppConfig {
  /** The app's name, as migrations and templates know it: `"blog"`, `"@acme/shop"`. */
  readonly name: string;
  /** Unique in a project; the prefix of its tables: `"blog"`, `"shop"`. */
  readonly label: string;
  readonly verboseName: string;
  /** The absolute directory in which `migrations/`, `templates/`, `static/` and `management/` are looked for. */
  readonly path: string;
  /** Loads the module whose exports are the app's models. */
  readonly models?: () => Promise<object>;
  /** The settings it adds, as zod types by key. */
  readonly settings?: Readonly<Record<string, z.ZodType>>;
  readonly commands?: Readonly<Record<string, LazyCommand>>;
  readonly checks?: readonly Check[];
  readonly testHooks?: () => Promise<TestHooks>;
  /** Called once by `setup()`, in the order of `installedApps`, when all models are loaded. */
  ready?(): void | Promise<void>;
  /** Called by `tearDown()`, in reverse order: closes connections, flushes, stops timers. */
  close?(): void | Promise<void>;
  /** What the development server shows when it has started: versions, unapplied migrations and the like. */
  startupNotices?(): Promise<readonly (string | StartupNotice)[]>;
  /** Tells the watcher of each statement of query sets and instances, until the function it returns is called. */
  watchStatements?(watcher: StatementWatcher): () => void;
  /** What undoes all that is written to the app's data; undefined where there is nothing to write to. */
  sandbox?(): Promise<Sandbox | undefined>;
  /** What it has to say in `tsjango about`; secrets are masked by their names. */
  about?(): Promise<AboutSections>;
}

/** What `defineApp` is told: a name, and whatever the app has. */
export interface AppOptions<M extends object> {
  name: string;
  /** Default: the name's last part, in snake case. */
  label?: string;
  /** Default: the label in words: `"Blog"`. */
  verboseName?: string;
  /** Default: the directory of the calling file. */
  path?: string;
  models?: () => Promise<M & ModelsOf<M>>;
  settings?: Readonly<Record<string, z.ZodType>>;
  commands?: Readonly<Record<string, LazyCommand>>;
  checks?: readonly Check[];
  testHooks?: () => Promise<TestHooks>;
  ready?(): void | Promise<void>;
  close?(): void | Promise<void>;
  startupNotices?(): Promise<readonly (string | StartupNotice)[]>;
  watchStatements?(watcher: StatementWatcher): () => void;
  sandbox?(): Promise<Sandbox | undefined>;
  about?(): Promise<AboutSections>;
}

/** The mistake of `class Book extends Model<Author>()`: the type argument must be the class itself. */
export interface WrongSelf<Name> {
  "error: write Model<ClassName>() with the class's own name in": Name;
}

/** Maps a models module to itself, but a model made with another class's name to an error that names it. */
export type ModelsOf<M> = {
  [K in keyof M]: M[K] extends { readonly objects: { first(): Promise<infer Row> } } & (abstract new (
    ...args: never[]
  ) => infer Self)
    ? // A proxy that inherits its base's manager has rows of the base.
      [Self] extends [NonNullable<Row>]
      ? M[K]
      : WrongSelf<K>
    : M[K];
};

const LABEL = /^[a-z][a-z0-9_]*$/;

/**
 * Describes an app, in its `app.ts`: `export default defineApp({ name: "blog", models: () => import("./models.ts") })`.
 * Migrations, templates, static files and commands are found beside that file.
 * Source: https://docs.djangoproject.com/en/5.2/ref/applications/
 * @throws ImproperlyConfigured for a label that cannot prefix a table.
 */
export function defineApp<M extends object = object>(options: AppOptions<M>): AppConfig {
  const label = options.label ?? labelOf(options.name);
  if (!LABEL.test(label)) {
    throw new ImproperlyConfigured(
      `An app's label is lower-case letters, digits and "_", and starts with a letter; found ${describeValue(label)}. ` +
        `Give defineApp({ name: ${JSON.stringify(options.name)}, label: "…" }).`,
    );
  }
  const file = callerFile([import.meta.url]);
  const path = options.path ?? (file === undefined ? process.cwd() : dirname(file));
  const verboseName = options.verboseName ?? label.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase());
  return Object.freeze({ ...options, label, path, verboseName });
}

function labelOf(name: string): string {
  return (name.split("/").at(-1) ?? name).replaceAll(/[-.]/g, "_").toLowerCase();
}

/** The subdirectory `name` of an app, or undefined where it has none. */
export function appDirectory(app: AppConfig, name: string): string | undefined {
  const directory = join(app.path, name);
  return existsSync(directory) ? directory : undefined;
}
