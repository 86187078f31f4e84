import { currentContext } from "@tsjango/kernel/async";
import { abandoned, abandonSignal, refuseAbandoned } from "./abandoned.ts";

/** How long a turn is waited for. */
export interface Patience {
  /** Milliseconds; 0 or nothing waits for ever. */
  readonly timeout?: number | undefined;
  /** The error where that was not enough. */
  readonly late?: (() => Error) | undefined;
}

interface Waiting {
  readonly start: () => void;
}

/** A fair lock with room for so many holders: those who wait get their turn in the order in which they asked. */
export class Turns {
  readonly #room: number;
  readonly #waiting: Waiting[] = [];
  readonly #idle: (() => void)[] = [];
  #held = 0;

  constructor(room: number) {
    this.#room = room;
  }

  /** Whether the next one would have to wait. */
  get busy(): boolean {
    return this.#held >= this.#room;
  }

  /** How many hold a turn. */
  get held(): number {
    return this.#held;
  }

  /** How many wait for one. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Resolves when it is the caller's turn, which lasts until its `release()`. Throws `QueryAborted` where it would have to
   * wait, or waits, and the client of its request has gone.
   */
  acquire(patience: Patience = {}): Promise<void> | undefined {
    if (this.#held >= this.#room) return this.#wait(patience);
    this.#held++;
    return undefined;
  }

  release(): void {
    const next = this.#waiting.shift();
    if (next !== undefined) {
      next.start();
      return;
    }
    this.#held--;
    if (this.#held === 0) this.#look();
  }

  /** Resolves with true when nobody holds a turn, nor waits for one; with false after `timeout` milliseconds, 0 for ever. */
  async idle(timeout: number): Promise<boolean> {
    let late = false;
    const timer = setTimeout(() => {
      late = timeout > 0;
      this.#look();
    }, timeout);
    while (this.#held > 0 && !late) await new Promise<void>((resolve) => this.#idle.push(resolve));
    clearTimeout(timer);
    return !late;
  }

  #look(): void {
    for (const look of this.#idle.splice(0)) look();
  }

  async #wait({ timeout, late }: Patience): Promise<void> {
    refuseAbandoned();
    const context = currentContext();
    const signal = abandonSignal(context);
    await new Promise<void>((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const settle = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
      };
      const leave = (error: unknown): void => {
        settle();
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(error);
      };
      const abort = (): void => leave(abandoned(context, signal?.reason));
      const waiting: Waiting = {
        start: () => {
          settle();
          resolve();
        },
      };
      this.#waiting.push(waiting);
      if (timeout !== undefined && timeout > 0) timer = setTimeout(() => leave(late?.()), timeout);
      signal?.addEventListener("abort", abort, { once: true });
    });
  }
}
