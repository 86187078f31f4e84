import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import { freePort } from "./http.ts";
import { type Outcome, RunningCommand, run, succeed } from "./process.ts";
import { temporaryDirectory } from "./temporary-directory.ts";
import { type Machine, userEnv } from "./user.ts";

/** A project as `npx tsjango startproject` made it from the throw-away registry, in a directory of its own. */
export class Project implements Disposable {
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly #parent: ReturnType<typeof temporaryDirectory>;

  private constructor(parent: ReturnType<typeof temporaryDirectory>, env: NodeJS.ProcessEnv) {
    this.#parent = parent;
    this.directory = join(parent.path, "mysite");
    this.env = env;
  }

  /** @param words More words for `startproject`, such as `--example`. */
  static async make(words: readonly string[] = [], machine: Machine = {}): Promise<Project> {
    const parent = temporaryDirectory();
    try {
      const env = userEnv(machine);
      await succeed(["npx", "-y", "tsjango", "startproject", "mysite", ...words], { cwd: parent.path, env });
      return new Project(parent, env);
    } catch (error) {
      parent[Symbol.dispose]();
      throw error;
    }
  }

  /** A project with the bookshop. It is made once for the stories of a worker; each has a copy. */
  static async example(): Promise<Project> {
    const made = join(inject("shared"), process.env["VITEST_POOL_ID"] ?? "1", "mysite");
    const env = userEnv();
    if (!existsSync(made)) {
      using first = await Project.make(["--example"]);
      cpSync(first.directory, made, { recursive: true, verbatimSymlinks: true });
    }
    const parent = temporaryDirectory();
    cpSync(made, join(parent.path, "mysite"), { recursive: true, verbatimSymlinks: true });
    return new Project(parent, env);
  }

  #options(env: NodeJS.ProcessEnv) {
    return { cwd: this.directory, env: { ...this.env, ...env } };
  }

  /** `npx tsjango …`, to its end; fails unless it succeeds. */
  tsjango(words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
    return succeed(["npx", "tsjango", ...words], this.#options(env));
  }

  /** Any command in the project, to its end. */
  run(words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
    return run(words, this.#options(env));
  }

  /** A command that goes on; without npx between, so that signals reach it. */
  start(words: readonly string[], env: NodeJS.ProcessEnv = {}): RunningCommand {
    return new RunningCommand([join(this.directory, "node_modules/.bin/tsjango"), ...words], this.#options(env));
  }

  /** The development server on a free port, once it answers. */
  async runserver(env: NodeJS.ProcessEnv = {}): Promise<{ server: RunningCommand; url: string } & AsyncDisposable> {
    const port = await freePort();
    const server = this.start(["runserver", String(port)], env);
    const url = `http://127.0.0.1:${port}`;
    const dispose = () => server[Symbol.asyncDispose]();
    try {
      await server.printed(/Quit with Ctrl-C/);
    } catch (error) {
      await dispose();
      throw error;
    }
    return { server, url, [Symbol.asyncDispose]: dispose };
  }

  read(file: string): string {
    return readFileSync(join(this.directory, file), "utf8");
  }

  write(file: string, content: string): void {
    writeFileSync(join(this.directory, file), content);
  }

  [Symbol.dispose](): void {
    this.#parent[Symbol.dispose]();
  }
}
