import type { AsgiApplication, LifespanReceiveEvent, LifespanScope, SendEvent } from "@tsjango/core/asgi";
import type { LifespanMode } from "./config.ts";
import { BootFailed, LifespanError } from "./exceptions.ts";

const ASGI = Object.freeze({ version: "3.0", specVersion: "2.0" } as const);

/** Tells an application of its start and end. Source: https://asgi.readthedocs.io/en/latest/specs/lifespan.html */
export class Lifespan {
  /** What the application puts here reaches each request's `scope.state`. */
  readonly state: Record<string, unknown> = {};
  readonly #application: AsgiApplication;
  readonly #mode: LifespanMode;
  readonly #onError: (error: unknown) => void;
  readonly #events: LifespanReceiveEvent[] = [];
  #wake: (() => void) | undefined;
  #settled = Promise.withResolvers<SendEvent | undefined>();
  #stage: "starting" | "running" | "stopping" | "ended" = "starting";
  #takesPart = false;
  #asked = false;

  constructor(application: AsgiApplication, mode: LifespanMode, onError: (error: unknown) => void) {
    this.#application = application;
    this.#mode = mode;
    this.#onError = onError;
  }

  /** Resolves when the application is ready. Throws `BootFailed` when it says that it is not. */
  async startup(): Promise<void> {
    if (this.#mode === "off") return;
    const ended = this.#run();
    const answer = await this.#tell({ type: "lifespan.startup" });
    if (answer?.type === "lifespan.startup.complete") {
      this.#takesPart = true;
      return;
    }
    if (answer?.type === "lifespan.startup.failed") {
      throw new BootFailed(`The application's startup failed: ${answer.message ?? "it gave no reason"}.`);
    }
    const error = await ended;
    if (error !== undefined && (this.#mode === "on" || this.#asked)) {
      throw new BootFailed(`The application's startup failed: ${describe(error.thrown)}`, { cause: error.thrown });
    }
    if (this.#mode === "on") {
      throw new BootFailed("The application takes no part in the lifespan. Serve it with the lifespan off or auto.");
    }
  }

  /** Tells the application of the end, and waits for it. What it throws or reports goes to `onError`. */
  async shutdown(): Promise<void> {
    if (!this.#takesPart || this.#stage !== "running") return;
    this.#stage = "stopping";
    const answer = await this.#tell({ type: "lifespan.shutdown" });
    if (answer?.type === "lifespan.shutdown.failed") {
      this.#onError(new Error(`The application's shutdown failed: ${answer.message ?? "it gave no reason"}.`));
    }
  }

  #tell(event: LifespanReceiveEvent): Promise<SendEvent | undefined> {
    this.#events.push(event);
    this.#wake?.();
    return this.#settled.promise;
  }

  async #run(): Promise<{ thrown: unknown } | undefined> {
    const scope: LifespanScope = { type: "lifespan", asgi: ASGI, state: this.state };
    try {
      await this.#application(scope, () => this.#receive(), this.#send);
      return undefined;
    } catch (thrown) {
      if (this.#takesPart) this.#onError(thrown);
      return { thrown };
    } finally {
      this.#settled.resolve(undefined);
    }
  }

  async #receive(): Promise<LifespanReceiveEvent> {
    this.#asked = true;
    while (this.#events.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#events.shift() as LifespanReceiveEvent;
  }

  readonly #send = async (event: SendEvent): Promise<void> => {
    const answered = this.#settled;
    const asked = this.#stage === "starting" ? "lifespan.startup" : "lifespan.shutdown";
    const settled = this.#stage === "running" || this.#stage === "ended";
    if (settled || (event?.type !== `${asked}.complete` && event?.type !== `${asked}.failed`)) {
      throw new LifespanError(
        `Got invalid state transition on lifespan protocol: ${JSON.stringify(event?.type)} while the application is ${this.#stage}.`,
      );
    }
    this.#stage = event.type === "lifespan.startup.complete" ? "running" : "ended";
    if (this.#stage === "running") {
      this.#takesPart = true;
      this.#settled = Promise.withResolvers();
    }
    answered.resolve(event);
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
