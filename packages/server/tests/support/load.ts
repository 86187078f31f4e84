import { type ChildProcess, fork } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Holding } from "./load-site.ts";

const CHUNK = randomBytes(64 * 1024);

/** What can be downloaded; uploads lie beside it. */
const FILE = "file.bin";

/** What an upload came to. */
export interface Uploaded {
  /** Whether the view was given what was sent, byte for byte. */
  readonly whole: boolean;
  /** What the view answered. */
  readonly answer: string;
  /** The most memory that the process took. */
  readonly peak: number;
  /** Temporary files afterwards. */
  readonly left: readonly string[];
}

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
    const file = join(directory, FILE);
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

  /** Uploads `size` bytes, plainly or as the file of a form, at most `rate` bytes a second. */
  async upload(size: number, form: boolean, rate = Number.POSITIVE_INFINITY): Promise<Uploaded> {
    const socket = this.#connect();
    let answer = "";
    socket.on("data", (data) => {
      answer += data;
    });
    const closed = once(socket, "close");
    const sampling = this.#sample();
    const digest = await send(socket, { size, form, rate });
    await closed;
    const peak = await sampling.stop();
    const text = answer.slice(answer.indexOf("\r\n\r\n") + 4);
    return { whole: text === `${size} ${digest}`, answer: text, peak, left: await this.temporaryFiles() };
  }

  /** Uploads half of a file and leaves. */
  async uploadHalf(size: number, form: boolean): Promise<void> {
    const socket = this.#connect();
    await send(socket, { size, form, until: size / 2 });
    socket.resetAndDestroy();
  }

  /** What uploads have on disk. */
  async temporaryFiles(): Promise<string[]> {
    return (await readdir(this.#directory)).filter((name) => name !== FILE);
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

interface Upload {
  readonly size: number;
  readonly form: boolean;
  readonly rate?: number;
  /** Where it breaks off. */
  readonly until?: number;
}

/** Sends the request of an upload; resolves with the content's SHA-256 when the last byte has been handed over. */
async function send(socket: Socket, { size, form, rate = Number.POSITIVE_INFINITY, until = size }: Upload) {
  const [before, after] = form
    ? ['--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n', "\r\n--b--\r\n"]
    : ["", ""];
  const type = form ? "multipart/form-data; boundary=b" : "application/octet-stream";
  socket.write(
    `POST /${form ? "form" : "stream"}/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n` +
      `Content-Type: ${type}\r\nContent-Length: ${size + before.length + after.length}\r\n\r\n${before}`,
  );
  const hash = createHash("sha256");
  const start = performance.now();
  for (let sent = 0; sent < until; ) {
    const chunk = Buffer.from(CHUNK.subarray(0, Math.min(until - sent, CHUNK.byteLength)));
    // No two chunks alike: one that is lost or moved is found.
    if (chunk.byteLength >= 8) chunk.writeDoubleLE(sent);
    hash.update(chunk);
    if (!socket.write(chunk)) await once(socket, "drain");
    sent += chunk.byteLength;
    const ahead = (sent / rate) * 1000 - (performance.now() - start);
    if (ahead > 5) await new Promise((resolve) => setTimeout(resolve, ahead));
  }
  if (until === size) socket.write(after);
  return hash.digest("hex");
}
