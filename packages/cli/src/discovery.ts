import type { AppConfig } from "@tsjango/kernel/apps";
import { UsageError } from "@tsjango/kernel/exceptions";
import type { LazyCommand } from "@tsjango/kernel/management";
import { didYouMean } from "@tsjango/kernel/utils";
import { ownCommands } from "./commands/table.ts";
import { findHere } from "./prepare.ts";

/** What brings commands: an app, or as much of one as is cheap to load. */
export type CommandSource = Pick<AppConfig, "commands">;

/** The apps that are always installed: as they are, or loaded when a command is looked for in them. */
export type BuiltinApps = readonly CommandSource[] | (() => Promise<readonly CommandSource[]>);

function commandsOf(apps: readonly CommandSource[]): Map<string, LazyCommand> {
  return new Map(apps.flatMap((app) => Object.entries(app.commands ?? {})));
}

/** Every command that is known without a project: the command line's own and those of the built-in apps. */
export async function knownCommands(builtinApps: BuiltinApps): Promise<Map<string, LazyCommand>> {
  const apps = typeof builtinApps === "function" ? await builtinApps() : builtinApps;
  const all = [...commandsOf(apps), ...Object.entries(ownCommands)];
  return new Map(all.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Finds a command: the command line's own, then the built-in apps', then (in a project) those of its installed apps,
 * whose settings are loaded only for a name that is not known already.
 * @throws UsageError naming the nearest command.
 */
export async function findCommand(name: string, builtinApps: BuiltinApps, cwd: string): Promise<LazyCommand> {
  const own = ownCommands[name];
  if (own !== undefined && Object.hasOwn(ownCommands, name)) return own;
  const known = await knownCommands(builtinApps);
  let names = [...known.keys()];
  let found = known.get(name);
  if (found === undefined) {
    const ofProject = await projectCommands(cwd);
    found = ofProject.get(name);
    names = [...names, ...ofProject.keys()];
  }
  if (found !== undefined) return found;
  throw new UsageError(`Unknown command "${name}".${didYouMean(name, names)}\n"tsjango --help" lists the commands.`);
}

/** The commands of the project's apps: those of their configs, and the files in their `management/commands/`. */
async function projectCommands(cwd: string): Promise<Map<string, LazyCommand>> {
  const project = await findHere(cwd);
  if (project === undefined) return new Map();
  const { loadSettings } = await import("@tsjango/kernel/conf");
  const { installedApps } = await loadSettings(project);
  const { commandFiles } = await import("./command-files.ts");
  // The first app that has a command of a name counts.
  return new Map(
    installedApps.toReversed().flatMap((app) => [...Object.entries(app.commands ?? {}), ...commandFiles(app)]),
  );
}
