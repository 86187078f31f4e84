import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ServerConfig } from "../../../packages/server/src/index.ts";

export interface State {
  readonly heap: number;
  readonly rss: number;
  readonly files: number;
  /** Streams of events that are open. */
  readonly listeners: number;
}

export const KB = 1024;
export const MB = 1024 * KB;

/** A site in a process of its own, and clients of it by the thousand. */
export class CrowdedSite implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly port: number;
  readonly sockets = new Set<Socket>();

  private constructor(child: ChildProcess, url: string) {
    this.child = child;
    this.port = Number(new URL(url).port);
  }

  static async start(config: ServerConfig = {}): Promise<CrowdedSite> {
    const child = fork(join(import.meta.dirname, "wire-process.ts"), [JSON.stringify(config)], {
      execArgv: ["--conditions=@tsjango/source", "--expose-gc"],
    });
    const [url] = await once(child, "message");
    return new CrowdedSite(child, url as string);
  }

  /** Tells the process something, and resolves with its state afterwards. */
  async ask(message: { broadcast?: string; close?: number; rest?: true } = {}): Promise<State> {
    this.child.send(message);
    const [state] = await once(this.child, "message");
    return state as State;
  }

  /** Asks for the state until it is as wanted. */
  async until(wanted: (state: State) => boolean, seconds = 30): Promise<State> {
    const end = performance.now() + seconds * 1000;
    for (;;) {
      const state = await this.ask();
      if (wanted(state)) return state;
      if (performance.now() > end) throw new Error(`after ${seconds} s the site is still ${JSON.stringify(state)}`);
      await sleep(50);
    }
  }

  /** Opens `count` connections, some at a time, and sends `text` on each. */
  async open(count: number, text: string, onData?: (socket: Socket, data: Buffer) => void): Promise<Socket[]> {
    const opened: Socket[] = [];
    const one = async () => {
      while (opened.length < count) {
        const socket = connect(this.port, "127.0.0.1");
        opened.push(socket);
        this.sockets.add(socket);
        socket.on("error", () => undefined);
        if (onData !== undefined) socket.on("data", (data) => onData(socket, data as Buffer));
        await once(socket, "connect");
        if (text !== "") socket.write(text);
      }
    };
    await Promise.all(Array.from({ length: 100 }, one));
    return opened;
  }

  /** The milliseconds that each of `count` requests took, one after the other over fresh or kept connections. */
  async times(count: number, atOnce = 4): Promise<number[]> {
    const times: number[] = [];
    let started = 0;
    const one = async () => {
      while (started++ < count) {
        const start = performance.now();
        const response = await fetch(`http://127.0.0.1:${this.port}/`);
        if ((await response.text()) !== "ok") throw new Error(`status ${response.status}`);
        times.push(performance.now() - start);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, one));
    return times;
  }

  leave(): void {
    for (const socket of this.sockets) socket.destroy();
    this.sockets.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.leave();
    const exit = once(this.child, "exit");
    if (this.child.exitCode === null) {
      this.child.kill("SIGKILL");
      await exit;
    }
  }
}
