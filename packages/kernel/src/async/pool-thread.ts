import { move, transferableSymbol, valueSymbol } from "piscina";
import { WorkerFunctionError } from "../exceptions.ts";
import { enterWorkerPool, findFunction, type ModuleFunction } from "./module-functions.ts";
import { packError } from "./sent-error.ts";
import type { WorkerAnswer, WorkerTask } from "./worker-pool.ts";

// What a thread of the worker pool runs.
enterWorkerPool();

export default async function runTask({ module, name, args }: WorkerTask): Promise<WorkerAnswer> {
  try {
    const fn = await findFunction(module, name);
    return answer(fn, await fn.run(...(args as never[])));
  } catch (error) {
    return { thrown: packError(error) };
  }
}

/** Tried here, where it can be told: a thread that fails to send ends. */
function answer({ name, transferResult }: ModuleFunction, result: unknown): WorkerAnswer {
  if (typeof result !== "object" && typeof result !== "function" && typeof result !== "symbol") return { result };
  try {
    if (transferResult === undefined) {
      structuredClone(result);
      return { result };
    }
    const value = { result: structuredClone(result, { transfer: [...transferResult(result as never)] as [] }) };
    const list = transferResult(value.result as never);
    return move({ [transferableSymbol]: list, [valueSymbol]: value } as never) as unknown as WorkerAnswer;
  } catch (cause) {
    throw new WorkerFunctionError(
      `The result of ${name} cannot be sent from the worker thread: ${(cause as Error).message} Return plain data.`,
      { cause },
    );
  }
}
