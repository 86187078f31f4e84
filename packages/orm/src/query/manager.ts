import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { isTemplateMethod, templateMethod } from "@tsjango/kernel/utils";
import { DEFAULT_ALIAS } from "../constants.ts";
import { QueryError } from "../exceptions.ts";
import { optionsOf } from "../fields/prepared.ts";
import type { ModelType } from "../models/options.ts";
import { hasRouters } from "../routers.ts";
import { newQuery, type Query } from "../sql/query.ts";
import { QuerySet, type QuerySetContext } from "./query-set.ts";

type QuerySetClass = new (query: Query, context?: QuerySetContext) => QuerySet;

/** The door to a model's rows: every method of a query set, starting from all rows, and the making of new ones. */
export class Manager {
  /** The query methods given to `manager<Book>()({ … })`. */
  readonly queries: object;
  readonly #querySetClass: QuerySetClass;
  #model: ModelType | undefined;
  #all: Query | undefined;

  constructor(queries: object = {}, querySetClass: QuerySetClass = withQueries(queries)) {
    this.queries = queries;
    this.#querySetClass = querySetClass;
    for (const name of Object.keys(queries)) {
      if (name in this)
        throw new QueryError(`A query method may not be called "${name}": query sets have that already.`);
      Object.defineProperty(this, name, {
        value: (...args: unknown[]) => callMethod(this.getQuerySet(), name, args),
      });
    }
  }

  /** Says whose rows it gives. */
  bind(model: ModelType): this {
    this.#model = model;
    return this;
  }

  /** The same for another model: a proxy. */
  rebound(model: ModelType): Manager {
    return new Manager(this.queries, this.#querySetClass).bind(model);
  }

  get model(): ModelType {
    if (this.#model !== undefined) return this.#model;
    throw new ImproperlyConfigured(
      "This manager's model belongs to no installed app. Export the model from the module that its app's app.ts names " +
        '(defineApp({ models: () => import("./models.ts") })), and have that app in installedApps of settings.ts.',
    );
  }

  /** The class of its query sets, for managers of relations. */
  get querySetClass(): QuerySetClass {
    return this.#querySetClass;
  }

  getQuerySet(): QuerySet {
    const { model } = this;
    optionsOf(model);
    // The same for all: a query is never changed.
    if (this.#all?.model !== model) this.#all = { ...newQuery(model, DEFAULT_ALIAS), free: true };
    return new this.#querySetClass(hasRouters() ? { ...this.#all, routed: true } : this.#all);
  }
}

/** The methods that a manager passes on to all rows. */
const PASSED_ON = [
  "all",
  "none",
  "filter",
  "exclude",
  "q",
  "orderBy",
  "reverse",
  "distinct",
  "slice",
  "annotate",
  "alias",
  "aggregate",
  "values",
  "valuesList",
  "only",
  "defer",
  "selectRelated",
  "prefetchRelated",
  "fetchMode",
  "using",
  "selectForUpdate",
  "dates",
  "datetimes",
  "raw",
  "union",
  "intersection",
  "difference",
  "count",
  "exists",
  "contains",
  "get",
  "first",
  "last",
  "latest",
  "earliest",
  "inBulk",
  "iterator",
  "explain",
  "create",
  "getOrCreate",
  "updateOrCreate",
  "bulkCreate",
  "bulkUpdate",
  "update",
  // Not "delete": all rows go only where all() is written.
] as const;

for (const name of PASSED_ON) {
  const passOn = function passOn(this: Manager, ...args: unknown[]) {
    return callMethod(this.getQuerySet(), name, args);
  };
  Object.defineProperty(Manager.prototype, name, {
    value: isTemplateMethod(QuerySet.prototype[name]) ? templateMethod(passOn) : passOn,
    configurable: true,
    writable: true,
  });
}

function callMethod(target: QuerySet, name: string, args: readonly unknown[]): unknown {
  return (target as unknown as Record<string, (...args: readonly unknown[]) => unknown>)[name]?.(...args);
}

function withQueries(queries: object): QuerySetClass {
  if (Object.keys(queries).length === 0) return QuerySet;
  const WithQueries = class extends QuerySet {};
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(queries))) {
    if (name in QuerySet.prototype) {
      throw new QueryError(`A query method may not be called "${name}": query sets have that already.`);
    }
    Object.defineProperty(WithQueries.prototype, name, { ...descriptor, enumerable: false });
  }
  return WithQueries;
}
