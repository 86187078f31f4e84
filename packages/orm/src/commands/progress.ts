import type { CommandOutput } from "@tsjango/kernel/management";

/** How long an operation may take without a word. */
const PATIENCE_MS = 5000;

/** One line for each migration with its time; a word now and then while an operation takes long. */
export class Progress {
  readonly #output: CommandOutput;
  #current: string | undefined;
  #operation = "";
  #since = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(output: CommandOutput) {
    this.#output = output;
  }

  start(title: string): void {
    this.#current = title;
    this.stop();
    this.#timer = setInterval(() => this.#stillThere(), PATIENCE_MS);
    this.#timer.unref();
  }

  operation(description: string): void {
    this.#operation = description;
    this.#since = performance.now();
  }

  retrying(attempt: number, pause: number): void {
    this.#output.error(
      `${this.#current} … others hold the table; attempt ${attempt + 1} in ${(pause / 1000).toFixed(1)} s`,
    );
  }

  end(result: string): void {
    this.#output.log(`${this.#current} … ${this.#output.style("green", result)}`);
    this.#current = undefined;
  }

  /** Says which migration it was, where one was running. */
  fail(): void {
    if (this.#current !== undefined) this.#output.error(`${this.#current} … ${this.#output.style("red", "FAILED")}`);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #stillThere(): void {
    const seconds = Math.round((performance.now() - this.#since) / 1000);
    this.#output.error(`${this.#current} … ${this.#operation}, ${seconds} s so far`);
  }
}
