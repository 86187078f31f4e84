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
  /** The system checks' report, for the terminal. */
  readonly report: string;
  /** What apps have to say, for the terminal; asked for when the site already answers. */
  notices(): Promise<readonly string[]>;
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
  return {
    application,
    report: checkReport(checks, style),
    async notices() {
      const said = await Promise.all(settings.installedApps.map((app) => app.startupNotices?.() ?? []));
      return said.flat().map((notice) => style("yellow", typeof notice === "string" ? notice : notice.text));
    },
  };
}
