/** Values that one side puts and the other takes, in order, waiting where there is none yet. */
export class Mailbox<T> {
  readonly #values: T[] = [];
  #wake: PromiseWithResolvers<void> = Promise.withResolvers();

  put(value: T): void {
    this.#values.push(value);
    this.#wake.resolve();
  }

  /** Takes the next value. */
  async take(): Promise<T> {
    while (this.#values.length === 0) {
      this.#wake = Promise.withResolvers();
      await this.#wake.promise;
    }
    return this.#values.shift() as T;
  }

  /** Looks at the next value without taking it, waiting at most `milliseconds`; undefined where none came. */
  async peek(milliseconds: number): Promise<T | undefined> {
    if (this.#values.length > 0) return this.#values[0];
    this.#wake = Promise.withResolvers();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds);
    });
    await Promise.race([this.#wake.promise, late]);
    clearTimeout(timer);
    return this.#values[0];
  }
}
