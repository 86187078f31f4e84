import { join } from "node:path";
import { type StartupNotice, setup } from "@tsjango/kernel/apps";
import { loadSettings, type Project, type Settings } from "@tsjango/kernel/conf";
import { importApplication } from "@tsjango/server";
import { checkReport, requireChecks } from "../terminal/check-report.ts";
import { terminalOutput } from "../terminal/output.ts";
import { projectApplication } from "./project-application.ts";

/** A project that is ready to answer requests. */
export interface LoadedSite {
  readonly application: Awaited<ReturnType<typeof importApplication>>;
  readonly settings: Settings;
  /** The directories of templates and static files, which are read again for each request; none without `debug`. */
  readonly rereadDirectories: readonly string[];
  /** The system checks' report, for the terminal. */
  readonly report: string;
  /** What apps have to say, for the terminal; asked for when the site already answers. */
  notices(): Promise<readonly StartupNotice[]>;
}

/** Loads a project for development: settings, apps, system checks, application. Throws what stops it. */
export async function loadSite(project: Project): Promise<LoadedSite> {
  const settings = await loadSettings(project);
  await setup(settings);
  // Before the checks: an error in the project's own modules is shown as itself, with its place.
  const { application: name, cwd: directory } = projectApplication(project);
  const application = await importApplication(name, directory);
  const { style } = terminalOutput();
  const checks = await requireChecks(settings, style);
  return {
    application,
    settings,
    rereadDirectories: await rereadDirectories(settings),
    report: checkReport(checks, style),
    async notices() {
      const said = await Promise.all(settings.installedApps.map((app) => app.startupNotices?.() ?? []));
      return said.flat().map((notice) => (typeof notice === "string" ? { text: notice } : notice));
    },
  };
}

async function rereadDirectories({ debug, installedApps }: Settings): Promise<string[]> {
  if (!debug) return [];
  const statics = installedApps.map((app) => join(app.path, "static"));
  const { getTemplateEngine } = await import("@tsjango/core/template");
  try {
    return [...getTemplateEngine().directories, ...statics];
  } catch {
    // An application of another make, which has no templates here.
    return statics;
  }
}
