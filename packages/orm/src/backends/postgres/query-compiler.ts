import { type CompiledQuery, PostgresQueryCompiler, type RootOperationNode, type ValueNode } from "kysely";

/**
 * Gives a value that stands in two places one number: PostgreSQL knows two parameters for two, and with them two
 * expressions, where DISTINCT, GROUP BY and ORDER BY ask whether they are one.
 */
export class OneNumberEach extends PostgresQueryCompiler {
  #numbers = new Map<ValueNode, string>();

  override compileQuery<R>(node: RootOperationNode, queryId: { readonly queryId: string }): CompiledQuery<R> {
    this.#numbers = new Map();
    return super.compileQuery(node, queryId);
  }

  protected override visitValue(node: ValueNode): void {
    const known = this.#numbers.get(node);
    if (known !== undefined) {
      this.append(known);
      return;
    }
    super.visitValue(node);
    if (node.immediate !== true) this.#numbers.set(node, this.getCurrentParameterPlaceholder());
  }
}
