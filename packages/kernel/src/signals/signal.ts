/** Receives what a signal carries; may be async. */
export type Receiver<T> = (payload: T) => unknown;

/** What one receiver did: its result, or the error it threw. */
export type Outcome<T> = { receiver: Receiver<T>; result: unknown } | { receiver: Receiver<T>; error: unknown };

/**
 * Lets decoupled parts be told when something happens. Receivers run concurrently and are awaited.
 * Source: https://docs.djangoproject.com/en/5.2/topics/signals/
 * @example
 * const requestFinished = new Signal<{ path: string }>("requestFinished");
 * const disconnect = requestFinished.connect(({ path }) => console.log(path));
 * await requestFinished.send({ path: "/" });
 * disconnect();
 */
export class Signal<T> {
  readonly name: string;
  readonly #receivers = new Set<Receiver<T>>();

  constructor(name: string) {
    this.name = name;
  }

  /** Adds a receiver (once) and returns the function that removes it. */
  connect(receiver: Receiver<T>): () => boolean {
    this.#receivers.add(receiver);
    return () => this.disconnect(receiver);
  }

  /** Removes a receiver; says whether it was connected. */
  disconnect(receiver: Receiver<T>): boolean {
    return this.#receivers.delete(receiver);
  }

  hasReceivers(): boolean {
    return this.#receivers.size > 0;
  }

  /** Runs all receivers; rejects with the first error. */
  async send(payload: T): Promise<void> {
    if (this.#receivers.size === 0) return;
    await Promise.all([...this.#receivers].map(async (receiver) => receiver(payload)));
  }

  /** Runs all receivers and reports what each did; never rejects. */
  async sendRobust(payload: T): Promise<Outcome<T>[]> {
    return Promise.all(
      [...this.#receivers].map(async (receiver): Promise<Outcome<T>> => {
        try {
          return { receiver, result: await receiver(payload) };
        } catch (error) {
          return { receiver, error };
        }
      }),
    );
  }
}
