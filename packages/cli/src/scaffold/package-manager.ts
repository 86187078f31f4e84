import { spawn } from "node:child_process";

/** A package manager, as a project's maker and reader type it. */
export interface PackageManager {
  readonly name: "npm" | "pnpm" | "yarn" | "bun";
  /** Installs what package.json names. */
  readonly install: readonly string[];
  /** Added when the project brings its own Node: warnings of the maker's older one would be beside the point. */
  readonly quietly: readonly string[];
  /** Before a command of an installed package: `npx tsjango migrate`. */
  readonly execute: string;
  /** Files it needs in a project. */
  readonly files: Readonly<Record<string, string>>;
}

const NPM: PackageManager = {
  name: "npm",
  install: ["install"],
  quietly: ["--loglevel=error"],
  execute: "npx",
  files: {},
};

/** The package manager that started this process, by `npm_config_user_agent`: "pnpm/10.2.0 npm/? node/v26.1.0 …". */
export function detectPackageManager(userAgent: string | undefined): PackageManager {
  const [, name, major] = /^(\w+)\/(\d+)/.exec(userAgent ?? "") ?? [];
  switch (name) {
    case "pnpm":
      return { name, install: ["install"], quietly: [], execute: "pnpm", files: {} };
    case "yarn":
      // Node runs the project's files from node_modules; Yarn's own way of linking has none.
      return {
        name,
        install: ["install"],
        quietly: [],
        execute: "yarn",
        files: Number(major) >= 2 ? { ".yarnrc.yml": "nodeLinker: node-modules\n" } : ({} as Record<string, string>),
      };
    case "bun":
      return { name, install: ["install"], quietly: [], execute: "bunx", files: {} };
    default:
      return NPM;
  }
}

/** Runs the installation in `directory`, its output shown; resolves to whether it succeeded, and why not. */
export function runInstall(
  manager: PackageManager,
  directory: string,
  options: { quietly: boolean },
): Promise<{ failure?: string }> {
  const words = [...manager.install, ...(options.quietly ? manager.quietly : [])];
  return new Promise((done) => {
    // npm and others are .cmd files on Windows, which only a shell starts; the words are constant.
    const child = spawn(manager.name, words, {
      cwd: directory,
      stdio: "inherit",
      shell: process.platform === "win32",
    });
    child.on("error", (error) => done({ failure: `${manager.name} did not start (${error.message})` }));
    child.on("close", (code, signal) => {
      const how = code === null ? `was stopped by ${signal}` : `ended with exit code ${code}`;
      done(code === 0 ? {} : { failure: `${manager.name} ${manager.install.join(" ")} ${how}` });
    });
  });
}
