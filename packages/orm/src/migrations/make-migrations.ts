import { join, sep } from "node:path";
import { type AppConfig, apps } from "@tsjango/kernel/apps";
import { CommandError } from "@tsjango/kernel/exceptions";
import { connections } from "../connections.ts";
import type { Answers } from "./answers.ts";
import { detectChanges, questionsOf } from "./autodetector.ts";
import { detectRenames } from "./detect-renames.ts";
import { type Finding, findingLine, lint } from "./lint.ts";
import { loadMigrations } from "./loader.ts";
import { migrationKey, type NamedMigration } from "./migration.ts";
import { currentModels } from "./models-state.ts";
import { migrationName } from "./names.ts";
import { planOnline } from "./online-plan.ts";
import { optimize } from "./optimizer.ts";
import { partition } from "./partition.ts";
import { type Ask, answerQuestions, renameDecider } from "./questioner.ts";
import { replay, stateAfter } from "./replay.ts";
import type { ProjectState } from "./state.ts";

/** What to make migrations for, and how. */
export interface MakeOptions {
  /** Apps by label; all where there are none. */
  readonly labels?: readonly string[];
  /** The part of the name after the number. */
  readonly name?: string | undefined;
  /** What is answered already. */
  readonly answers?: Answers;
  /** Asks a person for what is missing; undefined where nobody is there. */
  readonly ask?: Ask | undefined;
  /** Takes what would lock PostgreSQL's tables for long into migrations of their own that do not. */
  readonly online?: boolean;
  /** Only says whether there are changes: no question is asked, and none left open is an error. */
  readonly check?: boolean;
}

/** Migrations that are not written yet, and what their maker should know of them. */
export interface MadeMigrations {
  readonly migrations: readonly NamedMigration[];
  readonly findings: readonly Finding[];
}

/** Compares the models with the migrations and makes what is missing. Needs no database and writes nothing. */
export async function makeMigrations(options: MakeOptions = {}): Promise<MadeMigrations> {
  const labels = options.labels ?? [];
  const chosen = (key: string) => labels.length === 0 || labels.includes(key.split(".")[0] as string);
  const configs = apps.all().map((app) => app.config);
  const graph = await loadMigrations(configs);
  graph.checkConflicts();
  const written = replay(graph.order);
  const { state: to, defaults } = currentModels(apps);
  const { renames: given, fills } = options.answers ?? NO_ANSWERS;
  const decided = renameDecider(options.ask);
  const { state: from, operations: renames } = await detectRenames(written, to, {
    given,
    decide: async (question) => !options.check && chosen(question.key) && decided(question),
  });
  const questions = questionsOf(from, to).filter(({ key }) => chosen(key));
  const made = new Map(
    questions.flatMap(({ key }) => (defaults.has(key) ? [[key, defaults.get(key)?.()] as const] : [])),
  );
  const open = questions.filter(({ key }) => !made.has(key));
  const answers = options.check ? [] : await answerQuestions(open, fills, options.ask);
  const changes = detectChanges(from, to, new Map([...made, ...answers]));
  const all = partition([...renames, ...changes], graph, { name: options.name });
  const best = optimized(all, written);
  const migrations = writable(options.online ? await planOnline(best, written) : best, labels, configs);
  return { migrations, findings: await findingsOf(migrations, written) };
}

/** Each migration with the fewest operations that do the same. */
function optimized(migrations: readonly NamedMigration[], before: ProjectState): NamedMigration[] {
  let state = before;
  return migrations.map((migration) => {
    const operations = optimize(migration.operations, migration.app, state);
    state = stateAfter(state, migration);
    return { ...migration, operations };
  });
}

const NO_ANSWERS: Answers = { renames: new Map(), fills: new Map() };

/** An empty migration for each of these apps, to be filled by hand. */
export async function emptyMigrations(labels: readonly string[], name?: string): Promise<NamedMigration[]> {
  const graph = await loadMigrations(apps.all().map((app) => app.config));
  return labels.map((app) => {
    const leaf = graph.leaf(app);
    return {
      app,
      name: migrationName([], { after: leaf?.name, name }),
      initial: leaf === undefined,
      atomic: true,
      dependencies: leaf ? [[app, leaf.name] as const] : [],
      operations: [],
    };
  });
}

/** The directory of an app's migrations, there or not. */
export function migrationsDirectory(app: AppConfig): string {
  return join(app.path, "migrations");
}

function writable(
  migrations: readonly NamedMigration[],
  labels: readonly string[],
  configs: readonly AppConfig[],
): NamedMigration[] {
  const installed = new Set(
    configs.filter((app) => app.path.includes(`${sep}node_modules${sep}`)).map((app) => app.label),
  );
  const wanted = new Set(
    labels.length > 0 ? labels : configs.map((app) => app.label).filter((each) => !installed.has(each)),
  );
  const byKey = new Map(migrations.map((each) => [migrationKey(each), each]));
  const kept = new Set<NamedMigration>();
  const keep = (migration: NamedMigration | undefined) => {
    if (migration === undefined || kept.has(migration)) return;
    if (installed.has(migration.app)) {
      throw new CommandError(
        `The app "${migration.app}" is an installed package whose models have changes without migrations; ` +
          "they are not written into node_modules. Update the package, or tell its authors.",
      );
    }
    kept.add(migration);
    for (const [app, name] of migration.dependencies) keep(byKey.get(`${app}.${name}`));
  };
  for (const migration of migrations) if (wanted.has(migration.app)) keep(migration);
  return migrations.filter((each) => kept.has(each));
}

/** What is dangerous in migrations, on each of the databases that the project uses. */
async function findingsOf(migrations: readonly NamedMigration[], before: ProjectState): Promise<Finding[]> {
  const backends = new Map(
    connections.aliases().map((alias) => [connections.get(alias).vendor, connections.get(alias)]),
  );
  const found = new Map<string, Finding>();
  let state = before;
  for (const migration of migrations) {
    for (const backend of backends.values()) {
      for (const finding of await lint(migration, state, backend)) found.set(findingLine(finding), finding);
    }
    state = stateAfter(state, migration);
  }
  return [...found.values()];
}
