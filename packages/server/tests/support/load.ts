import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Holding } from "./load-site.ts";

const CHUNK = Buffer.alloc(64 * 1024, 120);

/** A site in a process of its own, and the loads that are put on it; the same with few and with many. */
export class LoadedSite implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #port: number;
  readonly #directory: string;
  #measuring: Promise<Holding> | undefined;

  private constructor(child: ChildProcess, url: string, directory: string) {
    this.#child = child;
    this.#port = Number(new URL(url).port);
    this.#directory = directory;
  }

  /** @param fileSize The bytes of the file that can be downloaded. */
  static async start(fileSize: number): Promise<LoadedSite> {
    const directory = await mkdtemp(join(tmpdir(), "tsjango-load-"));
    const file = join(directory, "file.bin");
    const stream = createWriteStream(file);
    for (let left = fileSize; left > 0; left -= CHUNK.byteLength) {
      if (!stream.write(CHUNK.subarray(0, Math.min(left, CHUNK.byteLength)))) await once(stream, "drain");
    }
    await new Promise<void>((resolve) => stream.end(() => resolve()));
    const child = fork(join(import.meta.dirname, "load-site.ts"), [file, directory], {
      execArgv: ["--conditions=@tsjango/source", "--expose-gc"],
    });
    const [url] = await once(child, "message");
    return new LoadedSite(child, url as string, directory);
  }

  get port(): number {
    return this.#port;
  }

  /** Those who ask at once share an answer: each takes the process several collections of its garbage. */
  holding(): Promise<Holding> {
    this.#measuring ??= this.#measure();
    return this.#measuring;
  }

  async #measure(): Promise<Holding> {
    this.#child.send("measure");
    const [holding] = await once(this.#child, "message");
    this.#measuring = undefined;
    return holding as Holding;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exit = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await exit;
    await rm(this.#directory, { recursive: true, force: true });
  }

  #connect(): Socket {
    const socket = connect(this.#port, "127.0.0.1");
    socket.on("error", () => undefined);
    return socket;
  }

  /** Uploads `size` bytes, plainly or as the file of a form; gives what the view counted, and the most memory. */
  async upload(size: number, form: boolean): Promise<{ answer: string; peak: number; left: string[] }> {
    const socket = this.#connect();
    const [before, after] = form
      ? ['--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n', "\r\n--b--\r\n"]
      : ["", ""];
    const type = form ? "multipart/form-data; boundary=b" : "application/octet-stream";
    const length = size + before.length + after.length;
    socket.write(
      `POST /${form ? "form" : "stream"}/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n` +
        `Content-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n${before}`,
    );
    let answer = "";
    socket.on("data", (data) => {
      answer += data;
    });
    const closed = once(socket, "close");
    const sampling = this.#sample();
    for (let left = size; left > 0; left -= CHUNK.byteLength) {
      if (!socket.write(CHUNK.subarray(0, Math.min(left, CHUNK.byteLength)))) await once(socket, "drain");
    }
    socket.write(after);
    await closed;
    const peak = await sampling.stop();
    return {
      answer: answer.slice(answer.indexOf("\r\n\r\n") + 4),
      peak,
      left: (await readdir(this.#directory)).slice(1),
    };
  }

  /** Downloads the file, pausing so that it takes `milliseconds`; gives the bytes that came, and the most memory. */
  async download(milliseconds: number, size: number): Promise<{ received: number; peak: number }> {
    const socket = this.#connect();
    socket.write("GET /file/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    const sampling = this.#sample();
    const start = performance.now();
    let received = 0;
    for await (const data of socket) {
      received += (data as Buffer).byteLength;
      const ahead = (received / size) * milliseconds - (performance.now() - start);
      if (ahead > 5) await new Promise((resolve) => setTimeout(resolve, ahead));
    }
    return { received, peak: await sampling.stop() };
  }

  #sample(): { stop(): Promise<number> } {
    let peak = 0;
    let running = true;
    const loop = (async () => {
      while (running) {
        peak = Math.max(peak, (await this.holding()).rss);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    })();
    return {
      stop: async () => {
        running = false;
        await loop;
        return peak;
      },
    };
  }

  /** Sends a body of a byte a second; gives the first line of the answer, and after how many seconds it came. */
  async drip(): Promise<{ line: string; seconds: number }> {
    const socket = this.#connect();
    const start = performance.now();
    socket.write("POST /stream/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n");
    const timer = setInterval(() => socket.write("x"), 1000);
    let answer = "";
    socket.on("data", (data) => {
      answer += data;
    });
    await once(socket, "close");
    clearInterval(timer);
    return { line: answer.split("\r\n", 1)[0] ?? "", seconds: (performance.now() - start) / 1000 };
  }

  /** Makes `count` requests whose clients leave: while the view works, in a stream, in a download, in an upload. */
  async leave(count: number, atOnce = 50): Promise<void> {
    const requests = [
      "GET /wait/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
      "GET /events/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
      "GET /file/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
      "POST /stream/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\nsome",
      'POST /form/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 9999999\r\n\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\nsome',
      "POST /wait/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\nsome",
    ];
    let next = 0;
    const one = async () => {
      for (let index = next++; index < count; index = next++) {
        const socket = this.#connect();
        socket.on("data", () => undefined);
        socket.write(requests[index % requests.length] as string);
        await new Promise((resolve) => setTimeout(resolve, 10 + (index % 7) * 5));
        // Half of them by a reset, as of a client that was killed.
        if (index % 2 === 0) socket.resetAndDestroy();
        else socket.destroy();
      }
    };
    await Promise.all(Array.from({ length: atOnce }, one));
  }
}
