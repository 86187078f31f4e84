import type { SiteProcess } from "./site-process.ts";

/** Milliseconds without a request after which there is time for a spare. */
const IDLE = 100;
/** Milliseconds after which it is prepared though requests go on, or the site is not at rest. */
const LONGEST = 1_000;

/**
 * A process that stands by with the dependencies of the project loaded, and nothing of the project itself, so that a
 * restart has only the project's own modules to load.
 */
export class Spare {
  readonly #make: () => SiteProcess;
  readonly #enabled: boolean;
  readonly #urls = new Set<string>();
  #process: SiteProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #latest = 0;
  #wait = LONGEST;

  constructor(make: () => SiteProcess, enabled: boolean) {
    this.#make = make;
    this.#enabled = enabled;
  }

  /** What the next one loads, with what it was told before. One that stands by already loads what is new to it. */
  know(urls: readonly string[]): void {
    const news = urls.filter((url) => !this.#urls.has(url));
    for (const url of news) this.#urls.add(url);
    if (news.length > 0) this.#process?.preload(news);
  }

  /** Prepares one when the site is at rest, of which it may be told. */
  prepareSoon(): void {
    if (!this.#enabled || this.#process !== undefined) return;
    this.#latest = performance.now() + LONGEST;
    this.#wait = LONGEST;
    this.#schedule();
  }

  /** The site has done what it has to do at its start. */
  atRest(): void {
    this.#wait = IDLE;
    this.postpone();
  }

  /** The site has something to do just now. */
  postpone(): void {
    if (this.#timer !== undefined) this.#schedule();
  }

  /** The one that stands by, if there is one; it is a spare no more. */
  take(): SiteProcess | undefined {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const process = this.#process;
    this.#process = undefined;
    return process?.connected === true ? process : undefined;
  }

  /** Ends the one that stands by, and forgets what it was to load. */
  drop(): void {
    this.take()?.kill();
    this.#urls.clear();
  }

  /** A process has ended: another may be taken only where it was not the spare. */
  ended(process: SiteProcess): void {
    if (this.#process === process) this.#process = undefined;
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const wait = Math.max(0, Math.min(this.#wait, this.#latest - performance.now()));
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#process = this.#make();
      this.#process.preload([...this.#urls]);
    }, wait);
  }
}
