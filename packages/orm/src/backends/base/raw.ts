import { type OperationNode, RawNode } from "kysely";

/** SQL with nodes between its pieces: `raw("coalesce(", a, ", ", b, ")")`. */
export function raw(...parts: readonly (string | OperationNode)[]): OperationNode {
  const fragments: string[] = [""];
  const nodes: OperationNode[] = [];
  for (const part of parts) {
    if (typeof part === "string") fragments[fragments.length - 1] += part;
    else {
      nodes.push(part);
      fragments.push("");
    }
  }
  return RawNode.create(fragments, nodes);
}

/** `name(a, b)`. */
export function call(name: string, ...args: readonly OperationNode[]): OperationNode {
  return raw(`${name}(`, ...listed(args), ")");
}

/** The nodes with commas between them. */
export function listed(nodes: readonly OperationNode[]): (string | OperationNode)[] {
  return nodes.flatMap((node, index) => (index === 0 ? [node] : [", ", node]));
}
