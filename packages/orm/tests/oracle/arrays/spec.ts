/** Questions about lists as data, before anyone knows how they are answered. */

export type Scalar = string | number | null;
export type List = readonly Scalar[];

export interface Row {
  readonly id: number;
  readonly name: string;
  readonly tags: List;
  readonly words: List | null;
  readonly nums: List | null;
  /** The list of the row that it refers to; null where it refers to none. */
  readonly marks: List | null;
}

/** Lists by their paths, and whether they hold numbers. */
export const LISTS = { tags: "text", words: "text", nums: "number", shelf__marks: "text" } as const;
export type ListPath = keyof typeof LISTS;

/** A list, an element of it, a part of it, or its length. */
export type Part =
  | { readonly of: ListPath; readonly kind: "list" }
  | { readonly of: ListPath; readonly kind: "len" }
  | { readonly of: ListPath; readonly kind: "at"; readonly index: number }
  | { readonly of: ListPath; readonly kind: "slice"; readonly from: number; readonly to: number };

export function pathOf(part: Part): string {
  if (part.kind === "list") return part.of;
  if (part.kind === "len") return `${part.of}__len`;
  return part.kind === "at" ? `${part.of}__${part.index}` : `${part.of}__${part.from}_${part.to}`;
}

export type Lookup =
  | "exact"
  | "contains"
  | "containedBy"
  | "overlap"
  | "gt"
  | "gte"
  | "lt"
  | "lte"
  | "in"
  | "isnull"
  | "icontains"
  | "startswith";

/** A value, or what stands in another list of the row. */
export type Operand = Scalar | boolean | List | readonly List[] | { readonly column: Part };

export type Condition =
  | { readonly kind: "lookup"; readonly of: Part; readonly lookup: Lookup; readonly value: Operand }
  | { readonly kind: "and" | "or"; readonly children: readonly Condition[] }
  | { readonly kind: "not"; readonly child: Condition };

export interface Question {
  readonly condition: Condition | undefined;
  readonly shown: readonly Part[];
  readonly order: { readonly by: Part; readonly descending: boolean } | undefined;
  /** Rows in groups of a part, with the names of each in a list. */
  readonly groups:
    | { readonly by: Part; readonly distinct: boolean; readonly filter: Condition | undefined }
    | undefined;
}

export function isColumn(value: Operand): value is { readonly column: Part } {
  return typeof value === "object" && value !== null && "column" in value;
}
