import { setup } from "@tsjango/kernel/apps";
import { loadSettings } from "@tsjango/kernel/conf";
import { importApplication } from "@tsjango/server";
import { requireProject } from "../prepare.ts";
import { checkReport, requireChecks } from "../terminal/check-report.ts";
import { terminalOutput } from "../terminal/output.ts";
import { projectApplication } from "./project-application.ts";

/** A project that is ready to answer requests. */
export interface LoadedSite {
  readonly application: Awaited<ReturnType<typeof importApplication>>;
  /** Lines for the terminal: the system checks' report, and what apps have to say. */
  readonly news: readonly string[];
}

/** Loads the project of `cwd` for development: settings, apps, system checks, application. Throws what stops it. */
export async function loadSite(cwd: string): Promise<LoadedSite> {
  const project = await requireProject(cwd);
  const settings = await loadSettings(project);
  await setup(settings);
  // Before the checks: an error in the project's own modules is shown as itself, with its place.
  const { application: name, cwd: directory } = projectApplication(project);
  const application = await importApplication(name, directory);
  const { style } = terminalOutput();
  const checks = await requireChecks(settings, style);
  const news = [checkReport(checks, style)];
  for (const app of settings.installedApps) {
    for (const notice of (await app.startupNotices?.()) ?? []) news.push(style("yellow", notice));
  }
  return { application, news };
}
