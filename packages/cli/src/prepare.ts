import type { Project, Settings } from "@tsjango/kernel/conf";
import { CommandError } from "@tsjango/kernel/exceptions";
import type { Command, CommandOutput } from "@tsjango/kernel/management";

/** What a command finds standing when it runs. */
export interface Prepared {
  readonly project: Project;
  readonly settings: Settings;
}

/** The project that a directory lies in. */
export async function findHere(cwd: string): Promise<Project | undefined> {
  const { findProject } = await import("@tsjango/kernel/project");
  return findProject(cwd);
}

/** The project that a directory lies in; throws with how to make one. */
export async function requireProject(cwd: string): Promise<Project> {
  const project = await findHere(cwd);
  if (project !== undefined) return project;
  throw new CommandError(
    `There is no tsjango project in ${cwd} or above it. Change into a project's directory, ` +
      `make one with "tsjango startproject mysite", or name its settings with --settings.`,
  );
}

/** Stands up what a command requires, no more: the project, its settings, its apps with their system checks. */
export async function prepare(
  command: Command,
  cwd: string,
  output: CommandOutput,
  options: { readonly skipChecks?: boolean } = {},
): Promise<Prepared> {
  const { requires = "apps" } = command;
  if (requires === "nothing") return (await outsideProject(cwd)) as Prepared;
  const project = await requireProject(cwd);
  const conf = await import("@tsjango/kernel/conf");
  if (requires === "project") return { project, settings: conf.settings };
  const settings = await conf.loadSettings(project);
  conf.configure(settings);
  if (requires === "settings") return { project, settings };
  const { setup } = await import("@tsjango/kernel/apps");
  await setup(settings);
  if (command.checks !== false && options.skipChecks !== true) {
    const { checkReport, requireChecks } = await import("./terminal/check-report.ts");
    const result = await requireChecks(settings, output.style);
    if (result.messages.length > 0) output.error(checkReport(result, output.style));
  }
  return { project, settings };
}

/** For commands that need no project: what they ask for all the same fails with the reason. */
async function outsideProject(cwd: string): Promise<object> {
  const unavailable = (what: string) => () => {
    throw new CommandError(
      `${what} was read by a command that requires nothing, in ${cwd}. Give it another "requires".`,
    );
  };
  return Object.defineProperties(
    {},
    { project: { get: unavailable("The project") }, settings: { get: unavailable("The settings") } },
  );
}
