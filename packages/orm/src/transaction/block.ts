import { AsyncLocalStorage } from "node:async_hooks";
import type { Backend } from "../backends/base/backend.ts";
import type { Connection } from "../backends/base/connection.ts";
import { DEFAULT_ALIAS } from "../constants.ts";
import { TransactionManagementError } from "../exceptions.ts";

/** How long a nested block must have been silent, in ms, before it lends its turn to a query of a block around it. */
const LEND_AFTER = 500;

interface Ticket {
  readonly start: (host: Block) => void;
  readonly writes: boolean;
}

/** The parts of a `Block`. */
export interface BlockInit {
  readonly backend: Backend;
  readonly connection: Connection;
  readonly parent?: Block | undefined;
  /** Whether a test kit opened it: code in it may behave as if it were not there. */
  readonly harness?: boolean;
  readonly readOnly?: boolean;
}

/**
 * One `atomic` block: a transaction, or a savepoint in one. What runs in it runs one after the other. While a nested
 * block runs, queries of the block around it wait, so that they are not lost with the nested one's rollback.
 *
 * A nested block may itself wait for such a query, by awaiting a promise that was made outside of it. To end that, a
 * nested block that has been silent for a while lends its turn. When it is rolled back afterwards, the block that
 * borrowed has lost what it wrote, and cannot be committed.
 */
export class Block {
  readonly backend: Backend;
  readonly connection: Connection;
  readonly parent: Block | undefined;
  readonly depth: number;
  readonly harness: boolean;
  readonly readOnly: boolean;
  readonly callbacks: (() => unknown)[] = [];
  /** The nested block that runs now. */
  child: Block | undefined;
  ended = false;
  /** Whether it is to be rolled back though nothing was thrown. */
  rollback = false;
  /** The error that spoiled it. */
  failure: unknown;
  /** The blocks around it that wrote in its turn. */
  readonly #borrowers = new Set<Block>();
  readonly #waiting: Ticket[] = [];
  #busy = false;
  #idleSince = performance.now();
  #drained: (() => void) | undefined;
  #watch: NodeJS.Timeout | undefined;

  constructor(init: BlockInit) {
    this.backend = init.backend;
    this.connection = init.connection;
    this.parent = init.parent;
    this.depth = (init.parent?.depth ?? 0) + 1;
    this.harness = init.harness === true;
    this.readOnly = init.readOnly === true || init.parent?.readOnly === true;
  }

  /** Runs `work` when everything that asked before it is done. It is given the block in whose turn it runs. */
  async turn<T>(work: (host: Block) => Promise<T>, writes: boolean): Promise<T> {
    if (this.ended) throw outlived();
    let host: Block = this;
    if (!this.#busy) {
      this.#busy = true;
    } else {
      host = await new Promise<Block>((start) => {
        this.#waiting.push({ start, writes });
        this.#watch ??= setInterval(() => this.#lend(), LEND_AFTER / 4);
      });
    }
    try {
      return await work(host);
    } finally {
      host.#next();
    }
  }

  /** Resolves when nothing runs or waits in it. */
  async drained(): Promise<void> {
    if (!this.#busy) return;
    await new Promise<void>((resolve) => {
      this.#drained = resolve;
    });
  }

  /** Its savepoint is kept: who wrote in its turn has written in its parent's. */
  kept(): void {
    const { parent } = this;
    if (parent === undefined) return;
    for (const borrower of this.#borrowers) if (borrower !== parent) parent.#borrowers.add(borrower);
  }

  /** It is rolled back: who wrote in its turn has lost that. */
  lost(error: unknown): void {
    for (const borrower of this.#borrowers) {
      borrower.failure ??= new TransactionManagementError(
        "A nested atomic waited for a query of the block around it, which so ran inside the nested one, and was rolled " +
          "back with it. Await such a promise before the nested atomic begins.",
        { cause: error },
      );
    }
  }

  #next(): void {
    const next = this.#waiting.shift();
    if (next !== undefined) {
      next.start(this);
      return;
    }
    this.#busy = false;
    this.#idleSince = performance.now();
    clearInterval(this.#watch);
    this.#watch = undefined;
    this.#drained?.();
  }

  #lend(): void {
    let leaf: Block = this;
    while (leaf.child !== undefined) leaf = leaf.child;
    if (leaf === this || leaf.#busy || performance.now() - leaf.#idleSince < LEND_AFTER) return;
    const ticket = this.#waiting.shift();
    if (ticket === undefined) return;
    leaf.#busy = true;
    if (ticket.writes) leaf.#borrowers.add(this);
    ticket.start(leaf);
  }
}

const storage = new AsyncLocalStorage<ReadonlyMap<string, Block>>();

/** The innermost block of a database that the calling code runs in. */
export function currentBlock(alias: string = DEFAULT_ALIAS): Block | undefined {
  return storage.getStore()?.get(alias);
}

/** Runs `body` in a block, and ends the block when everything that was started in it is done. */
export async function runIn<T>(alias: string, block: Block, body: () => Promise<T> | T): Promise<T> {
  const blocks = new Map(storage.getStore()).set(alias, block);
  const { parent } = block;
  const sibling = parent?.child;
  if (parent !== undefined) parent.child = block;
  try {
    return await storage.run(blocks, async () => body());
  } finally {
    block.ended = true;
    // What was started and not awaited has its turn before the end, and nothing after it.
    await block.drained();
    if (parent !== undefined) parent.child = sibling;
  }
}

/** The error of a query that comes after the end of its transaction. */
export function outlived(): TransactionManagementError {
  return new TransactionManagementError(
    "This query belongs to a transaction that has ended. Await it inside the atomic block, or start it outside.",
  );
}
