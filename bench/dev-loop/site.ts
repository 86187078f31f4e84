import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { join, resolve } from "node:path";
import { freePort } from "../../e2e/helpers/http.ts";

const root = resolve(import.meta.dirname, "../..");
const bin = join(root, "packages/tsjango/bin/tsjango.js");
const env = { ...process.env, NODE_OPTIONS: "", FORCE_COLOR: undefined, NO_COLOR: "1" };

/** The files that are saved, each with what makes its version `n` show in the answer of `/mark/`. */
const MARKS: Readonly<Record<string, (text: string) => string>> = {
  "books/views.ts": (text) =>
    `${text.replace(
      'import { Author, Book } from "./models.ts";',
      'import { settings } from "tsjango/conf";\nimport { Author, Book, MARK } from "./models.ts";',
    )}
export async function mark(request: HttpRequest, { urls }: { urls: string }): Promise<HttpResponse> {
  const response = await index(request);
  response.headers.set("x-marks", JSON.stringify({ views: "mark-0", models: MARK, urls, settings: settings.custom["mark"] }));
  return response;
}
`,
  "books/models.ts": (text) => `${text}\nexport const MARK = "mark-0";\n`,
  "books/urls.ts": (text) =>
    text
      .replace("import { api,", "import { mark, api,")
      .replace("urls(\n", 'urls(\n  path("mark/", mark, { extra: { urls: "mark-0" } }),\n'),
  "mysite/settings.ts": (text) => text.replace("installedApps:", 'custom: { mark: "mark-0" },\n  installedApps:'),
};

/**
 * The site of `startproject --example`, with a page that also tells which version of each file runs: its list of books, from the
 * database and by a template.
 */
export class DemoSite {
  readonly directory: string;
  static readonly files: readonly string[] = Object.keys(MARKS);
  #saves = 0;

  constructor(name: string) {
    const work = join(root, ".cache", name);
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work, { recursive: true });
    this.directory = join(work, "mysite");
    const run = (words: readonly string[], cwd: string) =>
      execFileSync(process.execPath, [bin, ...words], { cwd, env, stdio: "ignore" });
    run(["startproject", "mysite", "--example", "--no-install"], work);
    run(["migrate"], this.directory);
    run(["loadbooks"], this.directory);
    for (const [file, edit] of Object.entries(MARKS)) {
      const path = join(this.directory, file);
      writeFileSync(path, edit(readFileSync(path, "utf8")));
    }
  }

  /** Saves a file; gives what its entry in the answer of `/mark/` is from then on. */
  save(file: string): string {
    const mark = `mark-${++this.#saves}`;
    const path = join(this.directory, file);
    writeFileSync(path, readFileSync(path, "utf8").replace(/mark-\d+/, mark));
    return mark;
  }
}

/** `runserver` of a site, in processes of its own. */
export class DevServer {
  readonly url: string;
  readonly process: ChildProcess;
  output = "";

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.process = child;
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data) => (this.output += data));
  }

  /** Starts it; it may not answer yet. */
  static async start(directory: string): Promise<DevServer> {
    const port = await freePort();
    const child = spawn(process.execPath, [bin, "runserver", String(port)], { cwd: directory, env });
    return new DevServer(`http://127.0.0.1:${port}`, child);
  }

  /** Asks over a connection of its own; undefined where nobody listens. */
  ask(path: string): Promise<{ status: number; marks: string } | undefined> {
    return new Promise((resolve, reject) => {
      const request = get(this.url + path, { agent: false }, (response) => {
        const marks = String(response.headers["x-marks"]);
        response.resume().on("end", () => resolve({ status: response.statusCode ?? 0, marks }));
      });
      request.on("error", (error: NodeJS.ErrnoException) =>
        error.code === "ECONNREFUSED" ? resolve(undefined) : reject(error),
      );
    });
  }

  /** Asks again and again until `good`; gives how often it was not. */
  async until(path: string, good: (marks: string, status: number) => boolean): Promise<number> {
    for (let asked = 0; ; asked++) {
      const answer = await this.ask(path);
      if (answer !== undefined && good(answer.marks, answer.status)) return asked;
      if (asked > 20_000)
        throw new Error(`${path} never got there: ${answer?.status} ${answer?.marks}\n${this.output}`);
      if (answer === undefined) await new Promise((done) => setTimeout(done, 2));
    }
  }

  /** The processes of the server, itself first. */
  processes(): number[] {
    const all = readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        try {
          const stat = readFileSync(`/proc/${name}/stat`, "utf8");
          return [[Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1])] as const];
        } catch {
          // Ended meanwhile.
          return [];
        }
      });
    const found = [this.process.pid as number];
    for (const pid of found) found.push(...all.filter(([, parent]) => parent === pid).map(([child]) => child));
    return found;
  }

  /** Bytes of memory of all processes, each page shared among those that use it (PSS). */
  memory(): { pid: number; pss: number }[] {
    return this.processes().map((pid) => {
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
      return { pid, pss: Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1]) * 1024 };
    });
  }

  async stop(): Promise<void> {
    this.process.kill("SIGTERM");
    if (this.process.exitCode === null) await once(this.process, "close");
  }
}
