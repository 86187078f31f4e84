import type { OperationNode } from "kysely";
import { type Compiled, NO_USES } from "./context.ts";
import { columnNode, named } from "./nodes.ts";

/** Columns that an inner SELECT has for what is computed around it. */
export class HiddenColumns {
  readonly #table: string;
  readonly #letter: string;
  readonly #columns: Compiled[] = [];

  /** `table`: what the inner SELECT is called outside. `letter`: how names begin; of two in one SELECT each has its own. */
  constructor(table: string, letter = "h") {
    this.#table = table;
    this.#letter = letter;
  }

  /** Adds a value to the columns, once, and gives what stands for it outside. */
  readonly lift = (compiled: Compiled): Compiled => {
    let index = this.#columns.findIndex(({ node }) => node === compiled.node);
    if (index < 0) index = this.#columns.push(compiled) - 1;
    const node = columnNode(this.#table, `${this.#letter}${index}`);
    return { ...NO_USES, node, output: compiled.output, nullable: compiled.nullable, columns: [node] };
  };

  get columns(): readonly Compiled[] {
    return this.#columns;
  }

  /** The columns with their names. */
  get nodes(): OperationNode[] {
    return this.#columns.map(({ node }, index) => named(node, `${this.#letter}${index}`));
  }
}
