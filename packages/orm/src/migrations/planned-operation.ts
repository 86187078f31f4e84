import type { Operation } from "./operations/operation.ts";

/**
 * An operation with what it waits for. Keys: `+blog.Book` made, `-blog.Book` deleted; the same with a field
 * (`+blog.Book.title`, `~` for altered) and with an index or constraint (`-blog.Book#name`).
 */
export interface PlannedOperation {
  readonly app: string;
  readonly operation: Operation;
  /** What is true after it. */
  readonly provides: readonly string[];
  /** What must be true before it; a key that no operation provides is true already. */
  readonly needs: readonly string[];
  /** Apps whose existing migrations it builds on. */
  readonly uses: readonly string[];
}
