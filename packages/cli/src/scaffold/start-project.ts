import { mkdirSync, statSync } from "node:fs";
import { relative, resolve } from "node:path";
import { checkName } from "./names.ts";
import { isNodeSupported } from "./node-runtime.ts";
import { detectPackageManager, type PackageManager, runInstall } from "./package-manager.ts";
import { projectFiles } from "./project-files.ts";
import { ScaffoldError } from "./scaffold-error.ts";
import { entriesInTheWay, writeFiles } from "./template.ts";

/** What `startproject` is told. */
export interface StartProjectOptions {
  readonly name: string;
  /** Default: a directory of the project's name. */
  readonly directory?: string | undefined;
  readonly example: boolean;
  readonly install: boolean;
  readonly cwd: string;
  /** Default: that of the environment. */
  readonly userAgent?: string | undefined;
  readonly log: (line: string) => void;
}

/**
 * Makes a project and installs what it needs.
 * @throws ScaffoldError when it may not be made (nothing is written), or when the installation failed (it stays).
 */
export async function startProject(options: StartProjectOptions): Promise<void> {
  const { name, cwd, log } = options;
  checkName(name, "project");
  const directory = resolve(cwd, options.directory ?? name);
  refuseOccupied(directory);
  const manager = detectPackageManager(options.userAgent);
  const files = projectFiles({ name, example: options.example, nodeVersion: process.versions.node });
  for (const [path, content] of Object.entries(manager.files)) files.set(path, content);
  mkdirSync(directory, { recursive: true });
  writeFiles(directory, files);
  const shown = relative(cwd, directory) || ".";
  log(`Made the project ${name} in ${shown === "." ? "this directory" : shown} (${files.size} files).`);
  if (options.install) {
    const { failure } = await runInstall(manager, directory, { quietly: !isNodeSupported(process.versions.node) });
    if (failure !== undefined) {
      const command = `${manager.name} ${manager.install.join(" ")}`;
      throw new ScaffoldError(
        `The project is made, but its packages are not installed: ${failure}. ` +
          `When that is mended (is there a network?), go on with:\n\n    ${change(shown)}${command}\n`,
      );
    }
  }
  log(nextSteps(shown, manager, options));
}

function refuseOccupied(directory: string): void {
  const stat = statSync(directory, { throwIfNoEntry: false });
  if (stat !== undefined && !stat.isDirectory()) {
    throw new ScaffoldError(`${directory} is a file. Name another directory, or move it away.`);
  }
  const entries = entriesInTheWay(directory);
  if (entries.length === 0) return;
  const more = entries.length > 5 ? ` and ${entries.length - 5} more` : "";
  throw new ScaffoldError(
    `${directory} is not empty: it has ${entries.slice(0, 5).join(", ")}${more}. ` +
      "Nothing was written. Name another directory, or move them away.",
  );
}

function change(shown: string): string {
  return shown === "." ? "" : `cd ${shown} && `;
}

function nextSteps(shown: string, manager: PackageManager, options: StartProjectOptions): string {
  const run = `${manager.execute} tsjango`;
  const steps = [
    ...(shown === "." ? [] : [`cd ${shown}`]),
    ...(options.install ? [] : [`${manager.name} ${manager.install.join(" ")}`]),
    `${run} migrate`,
    ...(options.example ? [`${run} loadbooks`] : []),
    `${run} runserver`,
  ];
  return ["", "Next:", "", ...steps.map((step) => `    ${step}`), ""].join("\n");
}
