import { type CommonOptions, Field } from "./field.ts";
import { isKeepable } from "./json-value.ts";

/** A text that PostgreSQL wrote, and reads: words with their places and weights. */
abstract class SearchField extends Field {
  constructor(options: CommonOptions = {}) {
    super(options);
  }

  override get postgresOnly(): boolean {
    return true;
  }

  protected override normalize(value: unknown): string {
    if (typeof value === "string" && isKeepable(value)) return value;
    throw this.refuse(value, "a text as PostgreSQL writes it, such as 'emma':1A; SearchVector(…) makes one");
  }
}

/**
 * The words of texts as they are searched for, in PostgreSQL. It is written by `SearchVector`, or generated.
 * Source: https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/search/#searchvectorfield
 */
export class SearchVectorField extends SearchField {
  readonly kind = "searchVector";
  readonly storage = "searchVector" as const;
}

/** What is searched for. It is the kind of an expression; no table has it. */
export class SearchQueryField extends SearchField {
  readonly kind = "searchQuery";
  readonly storage = "searchQuery" as const;
}
