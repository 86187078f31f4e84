import { randomUUID } from "node:crypto";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Site } from "./site.ts";

/** A request that got no answer. */
export interface Failure {
  readonly request: string;
  readonly reason: string;
  /** How many answers its connection had had, and for how many milliseconds it was open. */
  readonly before: number;
  readonly age: number;
  /** When it was sent and when it failed, on the clock of `performance`. */
  readonly sent: number;
  readonly at: number;
}

export interface LoadOptions {
  readonly connections?: number;
  /** Of those, connections that send four requests at once. */
  readonly pipelining?: number;
  /** Milliseconds between an answer and the next request of a connection. */
  readonly pause?: number;
  /** Paths of GET requests; default: a plain one and a streamed one. */
  readonly paths?: readonly string[];
  /** Of ten requests, how many are written to the ledger. */
  readonly writes?: number;
}

interface Answer {
  readonly status: number;
  readonly closes: boolean;
  readonly body: string;
}

/** Many clients with kept-alive connections, and the ledger of what they were told. */
export class Load {
  answered = 0;
  /** Connections that could not be made. */
  refused = 0;
  readonly failures: Failure[] = [];
  readonly acknowledged = new Set<string>();
  readonly unacknowledged = new Set<string>();
  /** Milliseconds that each request took. */
  readonly times: number[] = [];
  readonly bodies = new Map<string, number>();
  readonly #site: Site;
  readonly #options: Required<LoadOptions>;
  readonly #running: Promise<void>[];
  #stopping = false;

  constructor(site: Site, options: LoadOptions = {}) {
    this.#site = site;
    this.#options = { connections: 64, pipelining: 0, pause: 0, paths: ["/", "/stream"], writes: 3, ...options };
    const { connections, pipelining } = this.#options;
    this.#running = Array.from({ length: connections }, (_, index) => this.#client(index < pipelining ? 4 : 1));
  }

  /** Lets requests in flight finish. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#running);
  }

  /**
   * Nothing that was acknowledged is missing, and what is there without acknowledgement was in flight.
   * @throws Error with what is missing.
   */
  check(): string {
    const ledger = this.#site.ledger();
    const lost = [...this.acknowledged].filter((id) => !ledger.has(id));
    const unknown = [...ledger].filter((id) => !this.acknowledged.has(id) && !this.unacknowledged.has(id));
    if (lost.length > 0) throw new Error(`${lost.length} acknowledged requests are not in the ledger`);
    if (unknown.length > 0) throw new Error(`${unknown.length} entries of the ledger were never sent`);
    return `${this.acknowledged.size} acknowledged, 0 lost`;
  }

  async #client(depth: number): Promise<void> {
    let connection: Connection | undefined;
    while (!this.#stopping) {
      if (connection === undefined || connection.over) {
        connection = await Connection.open(this.#site.port).catch(() => undefined);
        if (connection === undefined) {
          this.refused++;
          await sleep(20);
          continue;
        }
      }
      await this.#requests(connection, depth);
      if (this.#options.pause > 0) await sleep(this.#options.pause * (0.5 + Math.random()));
    }
    connection?.close();
  }

  async #requests(connection: Connection, depth: number): Promise<void> {
    const sent = performance.now();
    const pending = Array.from({ length: depth }, () => this.#send(connection));
    let closed = false;
    for (const { name, id, answer } of pending) {
      try {
        const { status, closes, body } = await answer;
        if (status !== 200) throw new Error(`status ${status}`);
        closed ||= closes;
        this.answered++;
        this.times.push(performance.now() - sent);
        this.bodies.set(body, (this.bodies.get(body) ?? 0) + 1);
        if (id !== undefined) this.acknowledged.add(id);
      } catch (error) {
        // Sent behind an answer that ended the connection: RFC 9112 §9.3.2 has clients send it again.
        if (closed) continue;
        if (id !== undefined) this.unacknowledged.add(id);
        const { answers: before, opened } = connection;
        const reason = (error as Error).message;
        this.failures.push({ request: name, reason, before, age: sent - opened, sent, at: performance.now() });
      }
    }
  }

  #send(connection: Connection): { name: string; id: string | undefined; answer: Promise<Answer> } {
    const { paths, writes } = this.#options;
    if (Math.random() * 10 < writes) {
      const id = randomUUID();
      return { name: "POST /ledger", id, answer: connection.request("POST", "/ledger", id) };
    }
    const path = paths[Math.floor(Math.random() * paths.length)] as string;
    return { name: `GET ${path}`, id: undefined, answer: connection.request("GET", path, "") };
  }
}

/**
 * The pause with which 64 connections ask for `share` of what the site can answer, which is measured first: the scenarios
 * are written for a site that has work to do, and some time left.
 */
export async function pauseFor(site: Site, share: number): Promise<number> {
  const connections = 64;
  const load = new Load(site, { connections });
  await sleep(1_000);
  const start = performance.now();
  const before = load.answered;
  await sleep(1_500);
  const perSecond = ((load.answered - before) * 1000) / (performance.now() - start);
  await load.stop();
  site.forgetLedger();
  // What the answers take is short beside it once the site has time left.
  return (connections * 1000) / (perSecond * share);
}

/** A connection that reads answers in order. */
class Connection {
  readonly #socket: Socket;
  readonly #waiting: PromiseWithResolvers<Answer>[] = [];
  #received = "";
  over = false;
  answers = 0;
  readonly opened: number = performance.now();

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true).setEncoding("latin1");
    socket.on("data", (text: string) => this.#read(text));
    socket.on("error", (error) => this.#end(error));
    socket.on("close", () => this.#end(new Error("closed without an answer")));
  }

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.off("error", reject);
        resolve(new Connection(socket));
      });
      socket.once("error", reject);
    });
  }

  request(method: string, path: string, body: string): Promise<Answer> {
    const answer = Promise.withResolvers<Answer>();
    // It is awaited in its turn.
    answer.promise.catch(() => undefined);
    this.#waiting.push(answer);
    const length = method === "POST" ? `Content-Length: ${body.length}\r\n` : "";
    this.#socket.write(`${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${length}\r\n${body}`);
    return answer.promise;
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(text: string): void {
    this.#received += text;
    for (;;) {
      const end = this.#received.indexOf("\r\n\r\n");
      if (end < 0) return;
      const head = this.#received.slice(0, end);
      const rest = this.#received.slice(end + 4);
      const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
      const chunked = length === undefined ? rest.indexOf("0\r\n\r\n") : Number(length);
      if (length === undefined ? chunked < 0 : rest.length < chunked) return;
      const body = rest.slice(0, chunked);
      this.#received = rest.slice(length === undefined ? chunked + 5 : chunked);
      const closes = /\r\nconnection: close/i.test(head);
      if (closes) this.over = true;
      this.answers++;
      this.#waiting.shift()?.resolve({ status: Number(head.slice(9, 12)), closes, body });
    }
  }

  #end(error: Error): void {
    this.over = true;
    for (const answer of this.#waiting.splice(0)) answer.reject(error);
  }
}

/** The value that a share of the others is below: 0.99 for p99. */
export function quantile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? Number.NaN;
}
