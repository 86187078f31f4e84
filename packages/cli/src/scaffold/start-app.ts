import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { addInstalledApp } from "./add-installed-app.ts";
import { checkName } from "./names.ts";
import { ScaffoldError } from "./scaffold-error.ts";
import { readTemplate, templateDirectory, writeFiles } from "./template.ts";

/** What `startapp` is told. */
export interface StartAppOptions {
  readonly name: string;
  /** The project's directory; the app is made in it. */
  readonly directory: string;
  readonly settingsFile: string;
  /** The labels of the apps that are installed. */
  readonly labels: readonly string[];
  readonly log: (line: string) => void;
}

/**
 * Makes an app and adds it to `installedApps`.
 * @throws ScaffoldError when there is something of this name; nothing is written then.
 */
export function startApp({ name, directory, settingsFile, labels, log }: StartAppOptions): void {
  checkName(name, "app");
  const target = join(directory, name);
  if (existsSync(target)) {
    throw new ScaffoldError(`There is a ${name} in ${directory} already. Take another name, or move it away.`);
  }
  if (labels.includes(name)) {
    throw new ScaffoldError(`An installed app has the label "${name}" already. Take another name.`);
  }
  const files = readTemplate(templateDirectory("app"), "blog", name);
  writeFiles(target, files);
  log(`Made the app ${name} in ${name}/ (${files.size} files).`);
  const specifier = specifierFrom(settingsFile, join(target, "app.ts"));
  const shown = relative(directory, settingsFile);
  const changed = addInstalledApp(readFileSync(settingsFile, "utf8"), name, specifier);
  if (changed === undefined) {
    log(
      `${shown} is left as it is: add this to it.\n\n    import ${name} from "${specifier}";\n\n    installedApps: [${name}],`,
    );
  } else {
    writeFileSync(settingsFile, changed);
    log(`Added ${name} to installedApps in ${shown}.`);
  }
  const urls = specifierFrom(join(dirname(settingsFile), "urls.ts"), join(target, "urls.ts"));
  log(
    `\nTo show its pages, add this to ${join(dirname(shown), "urls.ts")}:\n\n` +
      '    import { include, path, urls } from "tsjango/urls";\n' +
      `    import { urlpatterns as ${name}Urls } from "${urls}";\n\n` +
      `    path("${name}/", include(${name}Urls, { namespace: "${name}" })),\n`,
  );
}

function specifierFrom(file: string, target: string): string {
  const path = relative(dirname(file), target).split(sep).join("/");
  return path.startsWith(".") ? path : `./${path}`;
}
