import { CommandError } from "@tsjango/kernel/exceptions";
import { defineCommand } from "@tsjango/kernel/management";
import { ScaffoldError } from "../scaffold/scaffold-error.ts";
import { startApp } from "../scaffold/start-app.ts";

export default defineCommand({
  name: "startapp",
  description: "Makes a new app in the project, and installs it.",
  arguments: [{ name: "<name>", description: 'lower-case letters, digits and "_"' }],
  requires: "settings",
  async run({ args, project, settings, output }) {
    try {
      startApp({
        name: args[0] as string,
        directory: project.directory,
        settingsFile: project.settingsFile,
        labels: settings.installedApps.map((app) => app.label),
        log: (line) => output.log(line),
      });
    } catch (cause) {
      if (cause instanceof ScaffoldError) throw new CommandError(cause.message, { cause });
      throw cause;
    }
  },
});
