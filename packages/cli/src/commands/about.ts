import { existsSync } from "node:fs";
import { join } from "node:path";
import type { AboutFacts, AboutSections, AboutValue } from "@tsjango/kernel/apps";
import type { Project, Settings } from "@tsjango/kernel/conf";
import { defineCommand } from "@tsjango/kernel/management";
import { maskSecrets } from "@tsjango/kernel/utils";
import { projectApplication } from "../reloader/project-application.ts";
import { resolveOptions } from "../serving/resolve-options.ts";
import { findServerFile, readServerFile } from "../serving/server-file.ts";
import { version } from "../version.ts";

/** Package managers by the files in which they write down what is installed. */
const LOCK_FILES: Readonly<Record<string, string>> = {
  "package-lock.json": "npm",
  "pnpm-lock.yaml": "pnpm",
  "yarn.lock": "yarn",
  "bun.lock": "bun",
};

function versions(directory: string): AboutFacts {
  const locked = Object.keys(LOCK_FILES).find((file) => existsSync(join(directory, file)));
  return {
    tsjango: version(),
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    "package manager": locked === undefined ? null : LOCK_FILES[locked]!,
  };
}

function projectFacts({ directory, settingsFile }: Project, settings: Settings): AboutFacts {
  const { debug, installedApps, timeZone } = settings;
  return {
    directory,
    "settings file": settingsFile,
    debug,
    "time zone": timeZone,
    apps: installedApps.map(({ name }) => name),
  };
}

/** How `tsjango serve` would run without a flag. */
async function server(project: Project, cwd: string): Promise<AboutFacts> {
  const found = findServerFile(undefined, cwd, project.directory);
  const file = found === undefined ? undefined : await readServerFile(found, cwd, 0);
  const { options } = resolveOptions({ flags: {}, port: undefined, file, ...projectApplication(project) });
  const { application, configFile, workers, bind, timeout, gracefulTimeout } = options;
  return {
    application,
    "server file": configFile ?? null,
    workers,
    bind,
    "timeout in seconds": timeout,
    "graceful timeout in seconds": gracefulTimeout,
  };
}

/** A value in a line. */
function shown(value: AboutValue): string {
  if (value === null) return "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value !== "object") return String(value);
  return value.length === 0 ? "none" : value.join(", ");
}

export default defineCommand({
  name: "about",
  description: "Tells what there is: versions, the project, its databases, how it would be served.",
  checks: false,
  options: { json: { flags: "--json", description: "as JSON, by section and name" } },
  async run({ options, output, project, settings, cwd }) {
    const own = {
      versions: versions(project.directory),
      project: projectFacts(project, settings),
      server: await server(project, cwd),
    };
    const told = await Promise.all(settings.installedApps.map((app) => app.about?.() ?? {}));
    const sections = maskSecrets(Object.assign({}, own, ...told)) as AboutSections;
    if (options.json) {
      output.log(JSON.stringify(sections, undefined, 2));
      return;
    }
    const names = Object.values(sections).flatMap((facts) => Object.keys(facts));
    const width = Math.max(...names.map(({ length }) => length));
    const text = Object.entries(sections).map(([section, facts]) => {
      const lines = Object.entries(facts).map(([name, value]) => `  ${name.padEnd(width)}  ${shown(value)}`);
      return [output.style("bold", section), ...lines].join("\n");
    });
    output.log(text.join("\n\n"));
  },
});
