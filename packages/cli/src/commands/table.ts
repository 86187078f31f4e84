import type { LazyCommand } from "@tsjango/kernel/management";

/** The command line's own commands; those of apps are found through their configs. */
export const ownCommands: Readonly<Record<string, LazyCommand>> = {
  about: { description: "Tells what there is.", load: () => import("./about.ts") },
  check: { description: "Checks the whole project for problems.", load: () => import("./check.ts") },
  diffsettings: {
    description: "Prints the settings that differ from their defaults.",
    load: () => import("./diffsettings.ts"),
  },
  runserver: {
    description: "Starts the development server, which restarts when a file is saved.",
    load: () => import("./runserver.ts"),
  },
  serve: { description: "Serves an ASGI application in production.", load: () => import("./serve.ts") },
  shell: { description: "Starts a shell with the project's models at hand.", load: () => import("./shell.ts") },
  startapp: { description: "Makes a new app in this project, and installs it.", load: () => import("./startapp.ts") },
  startproject: { description: "Makes a new project.", load: () => import("./startproject.ts") },
  test: { description: "Runs the project's tests with Vitest.", load: () => import("./test.ts") },
  version: { description: "Prints the versions of tsjango and Node.", load: () => import("./version.ts") },
};
