import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import type { CommandOutput } from "@tsjango/kernel/management";
import { listenError, urlOf } from "@tsjango/server/bind";
import type { HostAndPort } from "../terminal/address.ts";
import type { BootError } from "./boot-error.ts";
import { changeKind, describeChange } from "./changes.ts";
import { firstBytes } from "./first-bytes.ts";
import type { ChildMessage, SiteOptions } from "./messages.ts";
import { News } from "./news.ts";
import { OwnPages } from "./own-pages.ts";
import { SiteProcess } from "./site-process.ts";
import { frameText } from "./source-frame.ts";
import { Spare } from "./spare.ts";

/** Milliseconds that a replaced process gets to finish its requests. */
const GRACE = 3_000;
/** Milliseconds between two starts. */
const LEAST_BETWEEN_STARTS = 100;
/** How often within how many milliseconds the site may end by itself and is started again at once. */
const MOST_CRASHES = 3;
const CRASHES_WITHIN = 10_000;
/** Replaced processes that may still finish requests, while saves go on. */
const MOST_RETIRED = 3;

/** How the development server is run. */
export interface SupervisorOptions {
  readonly cwd: string;
  /** The project's directory. */
  readonly directory: string;
  /** Whether pages refresh themselves. */
  readonly refresh: boolean;
  /** Whether a process stands by with the dependencies loaded. */
  readonly preload: boolean;
  /** Called when one of its processes has ended. */
  readonly onEnd?: () => void;
}

type Site =
  | { readonly state: "starting" | "ready"; readonly process: SiteProcess; readonly generation: number; since: number }
  | { readonly state: "failed"; readonly error: BootError; readonly generation: number };

/** A connection that waits for a site at least as new as what was saved when it came. */
interface Waiting {
  readonly socket: Socket;
  readonly head: Buffer;
  needs: number;
}

/**
 * Owns the development server's listening socket and runs no code of the project: each connection is handed to the
 * process that runs it now, when its request arrives. While one starts, connections wait; when it fails to start, they
 * are answered with the error.
 */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #siteOptions: SiteOptions;
  readonly #output: CommandOutput;
  readonly #news: News;
  readonly #pages: OwnPages;
  readonly #spare: Spare;
  readonly #processes = new Set<SiteProcess>();
  #retired: SiteProcess[] = [];
  readonly #server = createTcpServer({ pauseOnConnect: true }, (socket) => this.#accept(socket));
  /** Connections without a request so far. */
  readonly #silent = new Set<Socket>();
  #waiting: Waiting[] = [];
  #site: Site | undefined;
  #rereadDirectories: readonly string[] = [];
  /** Counts what was saved; a site of this generation has seen it all. */
  #wanted = 0;
  /** Something is being saved: what comes now waits until it is known what. */
  #stirred = false;
  /** What was saved since the last start. */
  readonly #changed = new Set<string>();
  #lastStart = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #crashes: number[] = [];
  #builds = 0;
  readonly #run: string = Date.now().toString(36);
  #stopping = false;

  constructor(options: SupervisorOptions, output: CommandOutput) {
    this.#options = options;
    this.#siteOptions = { cwd: options.cwd, grace: GRACE, refresh: options.refresh, entry: process.argv[1] as string };
    this.#output = output;
    this.#news = new News(output);
    this.#pages = new OwnPages(options.refresh);
    this.#spare = new Spare(() => this.#makeProcess(), options.preload);
  }

  /** Takes the address; resolves with the URL. Throws `AddressUnavailable`. */
  listen({ host, port }: HostAndPort): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", (error) => reject(listenError(error, host, port)));
      this.#server.listen({ host, port }, () => resolve(urlOf(host, (this.#server.address() as AddressInfo).port)));
    });
  }

  /** Something is being saved. */
  stirred(): void {
    this.#stirred = true;
  }

  /** What was being saved is nothing that matters. */
  unchanged(): void {
    this.#stirred = false;
    for (const waiting of this.#waiting) waiting.needs = Math.min(waiting.needs, this.#wanted);
    this.#settle();
  }

  /** These files were saved: pages load again, and where it is needed the site starts again. */
  changed(files: readonly string[]): void {
    // What ran before it failed tells nothing of what runs next.
    const kind = changeKind(files, this.#site?.state === "failed" ? [] : this.#rereadDirectories);
    if (kind === "reload") {
      this.#say(`${describeChange(this.#options.directory, files)} changed.`);
      this.#newBuild();
      this.unchanged();
    } else {
      for (const file of files) this.#changed.add(file);
      this.restart({ cold: kind === "cold" });
    }
  }

  /**
   * Starts the project in a fresh process; the one that ran before finishes its requests and ends.
   * @param options `cold`: not in the one that stands by, as installed packages may have changed.
   */
  restart({ cold = false }: { cold?: boolean } = {}): void {
    if (this.#stopping) return;
    this.#stirred = false;
    this.#wanted++;
    if (cold) this.#spare.drop();
    const site = this.#site;
    // Who came before this save may be answered by the one that is starting: in a row of saves nobody starves.
    const awaited =
      site?.state === "starting" &&
      this.#waiting.some(({ socket, needs }) => !socket.destroyed && needs <= site.generation);
    if (!awaited) this.#startSoon();
  }

  /** Ends processes and connections; what is in flight gets `grace` milliseconds. */
  async stop(grace: number): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    this.#server.close();
    this.#pages.close();
    this.#spare.drop();
    for (const socket of this.#silent) socket.destroy();
    for (const { socket } of this.#waiting.splice(0)) socket.destroy();
    for (const process of this.#processes) process.retire(grace);
    await Promise.all([...this.#processes].map(({ end }) => end));
  }

  /** Ends all processes now. */
  kill(): void {
    for (const process of this.#processes) process.kill();
  }

  #startSoon(): void {
    if (this.#timer !== undefined) return;
    const wait = this.#lastStart + LEAST_BETWEEN_STARTS - performance.now();
    if (wait <= 0) this.#start();
    else {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#start();
      }, wait);
    }
  }

  #start(): void {
    const before = this.#site;
    if (this.#changed.size > 0) {
      this.#say(`${describeChange(this.#options.directory, [...this.#changed])} changed, restarting.`);
      this.#changed.clear();
    }
    this.#lastStart = performance.now();
    if (before?.state === "starting") before.process.kill();
    const process = this.#spare.take() ?? this.#makeProcess();
    process.go();
    this.#site = { state: "starting", process, generation: this.#wanted, since: this.#lastStart };
    if (before?.state === "ready") this.#retire(before.process);
  }

  #makeProcess(): SiteProcess {
    const process: SiteProcess = new SiteProcess(this.#siteOptions, {
      told: (message) => this.#told(process, message),
      ended: (how) => this.#ended(process, how),
    });
    this.#processes.add(process);
    return process;
  }

  #retire(process: SiteProcess): void {
    process.retire(GRACE);
    this.#retired.push(process);
    if (this.#retired.length > MOST_RETIRED) this.#retired.shift()?.kill();
  }

  #told(process: SiteProcess, message: Exclude<ChildMessage, { type: "accepted" }>): void {
    if (message.type === "dependencies") this.#spare.know(message.urls);
    const site = this.#site;
    if (site === undefined || site.state === "failed" || site.process !== process || this.#stopping) return;
    if (message.type === "failed") {
      if (site.state === "ready") this.#crashed(message.error);
      else this.#fail(message.error, site.generation);
    } else if (message.type === "news") {
      this.#news.tell(message);
      this.#spare.atRest();
    } else if (message.type === "ready") {
      this.#rereadDirectories = message.rereadDirectories;
      this.#site = { ...site, state: "ready" };
      this.#news.ready(performance.now() - site.since);
      this.#newBuild();
      this.#settle();
      if (site.generation < this.#wanted) this.#startSoon();
      else this.#spare.prepareSoon();
    }
  }

  #ended(process: SiteProcess, how: string): void {
    this.#processes.delete(process);
    this.#retired = this.#retired.filter((other) => other !== process);
    this.#spare.ended(process);
    this.#options.onEnd?.();
    const site = this.#site;
    if (this.#stopping || site === undefined || site.state === "failed" || site.process !== process) return;
    const message = `The process of the site ended by itself (${how}).`;
    const error = { running: site.state === "ready", name: "Ended", message, text: message, frame: undefined };
    if (site.state === "ready") this.#crashed(error);
    else this.#fail(error, site.generation);
  }

  /** Starts the site again at once, but not for ever. */
  #crashed(error: BootError): void {
    const now = performance.now();
    this.#crashes = [...this.#crashes.filter((time) => now - time < CRASHES_WITHIN), now];
    if (this.#crashes.length >= MOST_CRASHES) {
      this.#crashes = [];
      const more = `This was the ${MOST_CRASHES}rd time in ${CRASHES_WITHIN / 1000} s: the next save starts it again.`;
      this.#fail({ ...error, text: `${error.text}\n${more}` }, this.#wanted);
      return;
    }
    this.#show(error);
    this.#say("The site starts again.");
    this.#site = undefined;
    this.restart();
  }

  #fail(error: BootError, generation: number): void {
    if (generation < this.#wanted) {
      // Something newer has been saved: whether that starts is what counts.
      this.#startSoon();
      return;
    }
    this.#site = { state: "failed", error, generation };
    this.#show(error);
    this.#newBuild();
    this.#settle();
    this.#spare.prepareSoon();
    this.#spare.atRest();
  }

  #say(line: string): void {
    this.#output.log(this.#output.style("dim", line));
  }

  #show({ text, frame }: BootError): void {
    this.#output.error(this.#output.style("red", text));
    // Of a syntax error, Node's own text shows the line already.
    const shown = frame === undefined || text.includes(`${frame.file}:${frame.line}\n`);
    if (!shown) this.#output.error(frameText(frame, this.#options.directory));
  }

  #newBuild(): void {
    const build = `${this.#run}-${++this.#builds}`;
    const site = this.#site;
    if (site?.state === "ready") site.process.setBuild(build);
    this.#pages.setBuild(build);
  }

  #accept(socket: Socket): void {
    this.#silent.add(socket);
    socket.once("close", () => this.#silent.delete(socket));
    firstBytes(socket, (head) => {
      this.#silent.delete(socket);
      this.#dispatch({ socket, head, needs: this.#wanted + (this.#stirred ? 1 : 0) });
    });
  }

  #settle(): void {
    for (const waiting of this.#waiting.splice(0)) this.#dispatch(waiting);
  }

  #dispatch(waiting: Waiting): void {
    const { socket, head, needs } = waiting;
    if (socket.destroyed) return;
    const site = this.#site;
    const fresh = site !== undefined && site.generation >= needs;
    if (this.#pages.isOwn(head)) this.#pages.accept(socket, head);
    else if (fresh && site.state === "failed") this.#pages.accept(socket, head, site.error);
    else if (fresh && site.state === "ready" && site.process.connected) {
      this.#spare.postpone();
      site.process.hand(socket, head);
    } else this.#waiting.push(waiting);
  }
}
