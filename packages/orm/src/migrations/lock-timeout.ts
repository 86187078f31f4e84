import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseError } from "../exceptions.ts";

/** How long a statement may wait for others to let go of a table, and how often that is tried. */
export interface LockPatience {
  /** Milliseconds; while a statement waits, everybody who comes later to the table waits behind it. 0 waits for ever. */
  readonly lockTimeout: number;
  readonly attempts: number;
  /** Told of each attempt that failed, with the pause before the next one in milliseconds. */
  readonly onRetry?: ((attempt: number, pause: number) => void) | undefined;
}

/** How long a migration waits for a lock where the settings do not say. */
export const DEFAULT_PATIENCE: LockPatience = { lockTimeout: 3000, attempts: 10 };

const LONGEST_PAUSE_MS = 10_000;

/** Runs `work` again after a pause while a lock cannot be had: PostgreSQL's lock_timeout, or a deadlock. */
export async function withLockRetries<T>(patience: LockPatience, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isLockFailure(error) || attempt >= patience.attempts) throw error;
      const pause = Math.min(100 * 2 ** attempt, LONGEST_PAUSE_MS);
      patience.onRetry?.(attempt, pause);
      await sleep(pause);
    }
  }
}

/** Whether a statement failed because others hold the table. */
export function isLockFailure(error: unknown): boolean {
  if (!(error instanceof DatabaseError)) return false;
  const code = (error.cause as { code?: unknown } | undefined)?.code;
  return code === "55P03" || code === "40P01";
}
