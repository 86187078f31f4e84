/** A fair lock: one holder at a time, in the order they asked. */
export class WriteQueue {
  #held = false;
  readonly #waiting: (() => void)[] = [];

  /** Whether somebody holds it. */
  get busy(): boolean {
    return this.#held;
  }

  async acquire(): Promise<void> {
    if (!this.#held) {
      this.#held = true;
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#held = false;
    else next();
  }
}
