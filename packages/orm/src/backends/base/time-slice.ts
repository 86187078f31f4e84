import { setImmediate as turn } from "node:timers/promises";
import { refuseAbandoned } from "./abandoned.ts";

/** How long work goes on before other work has its turn, in ms. */
const SLICE = 10;

/** Long work in parts: what cannot wait, such as another request, has its turn between them. */
export class TimeSlice {
  #end = performance.now() + SLICE;

  /** Whether it is time for others. */
  get over(): boolean {
    return performance.now() >= this.#end;
  }

  /** Lets others have their turn. Throws `QueryAborted` where nobody waits for the work any more. */
  async next(): Promise<void> {
    await turn();
    refuseAbandoned();
    this.#end = performance.now() + SLICE;
  }
}
