import { readdirSync, readFileSync } from "node:fs";
import { get as httpGet } from "node:http";
import { get, Running, Site } from "../../../packages/cli/tests/support/site.ts";

/** `runserver` of a copy of a small site. Dispose of it. */
export class DevServer implements AsyncDisposable {
  readonly site: Site;
  readonly running: Running;
  readonly url: string;
  /** The builds that pages were told of, over one connection. */
  readonly builds: string[] = [];
  /** Whether that connection has ended. */
  eventsEnded = false;
  /** Requests that were answered, and how long the slowest took, in milliseconds. */
  answered = 0;
  slowest = 0;

  private constructor(site: Site, running: Running, url: string) {
    this.site = site;
    this.running = running;
    this.url = url;
  }

  static async start(prepare: (site: Site) => Promise<void> = async () => undefined): Promise<DevServer> {
    const site = await Site.make();
    await prepare(site);
    const running = new Running(site.directory, ["runserver", "127.0.0.1:0"]);
    const server = new DevServer(site, running, (await running.url()).replace(/\/$/, ""));
    await server.get("/");
    return server;
  }

  /** One request over a connection of its own. Throws where it is refused or cut. */
  async get(path: string): Promise<{ status: number; text: string }> {
    const start = performance.now();
    const answer = await get(this.url + path);
    this.answered++;
    this.slowest = Math.max(this.slowest, performance.now() - start);
    return answer;
  }

  /** Asks until an answer is good; gives it, and the milliseconds until then. */
  async until(path: string, good: (answer: { status: number; text: string }) => boolean) {
    const start = performance.now();
    const answer = await this.running.until(async () => {
      const found = await this.get(path);
      return good(found) && found;
    }, 60_000);
    return { ...answer, milliseconds: performance.now() - start };
  }

  /** Follows the events that refresh pages. */
  follow(): Promise<void> {
    return new Promise((resolve, reject) => {
      const request = httpGet(`${this.url}/__tsjango__/refresh`, (response) => {
        response.setEncoding("utf8").on("data", (text: string) => {
          this.builds.push(...[...text.matchAll(/^data: (.+)$/gm)].map(([, build]) => build as string));
          resolve();
        });
        response.on("close", () => {
          this.eventsEnded = true;
        });
      });
      request.on("error", reject);
    });
  }

  /** Open files and kilobytes of memory of the process that listens; Linux only. */
  holding(): { files: number; memory: number } {
    const { pid } = this.running.child;
    const memory = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return { files: readdirSync(`/proc/${pid}/fd`).length, memory: Number(memory) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.running[Symbol.asyncDispose]();
    await this.site[Symbol.asyncDispose]();
  }
}
