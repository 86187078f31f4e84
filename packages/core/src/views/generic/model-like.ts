import { apps } from "@tsjango/kernel/apps";
import type { ObjectList, QuerySetLike } from "../../pagination/query-set-like.ts";

/** Structural: what the generic views need of a model class, so that they depend on no ORM. */
export interface ModelLike<M> {
  new (...args: never[]): M;
  readonly name: string;
  readonly objects: { all(): QuerySetLike<M> };
}

/** What views call on query sets, with lookups that are made at run time. */
export interface Rows<M> extends QuerySetLike<M> {
  readonly model?: ModelLike<M>;
  filter(where: object): Rows<M>;
  orderBy(...paths: string[]): Rows<M>;
  get(where?: object): Promise<M>;
  exists(): Promise<boolean>;
}

/** Rows with the methods that lookups need. */
export function rowsOf<M>(rows: QuerySetLike<M>): Rows<M> {
  return rows as Rows<M>;
}

/** The model of a view: its own, or that of its rows. */
export function modelOf<M>(model: ModelLike<M> | undefined, rows: unknown): ModelLike<M> | undefined {
  return model ?? (rows as { readonly model?: ModelLike<M> } | undefined)?.model;
}

/** The name as a variable: "book" of `Book`. */
export function variableName(model: ModelLike<unknown>): string {
  return model.name.charAt(0).toLowerCase() + model.name.slice(1);
}

/** The template that a model's views render: "blog/book_list.html"; undefined for a model of no installed app. */
export function modelTemplate(model: ModelLike<unknown>, suffix: string): string | undefined {
  const app = apps.ready ? apps.all().find(({ models }) => Object.values(models).includes(model)) : undefined;
  return app === undefined ? undefined : `${app.config.label}/${model.name.toLowerCase()}${suffix}.html`;
}

/** Fresh rows: what a view holds as a property is shared by all requests. */
export function freshRows<M>(rows: ObjectList<M>): ObjectList<M> {
  const { all } = rows as { readonly all?: () => QuerySetLike<M> };
  return typeof all === "function" ? all.call(rows) : rows;
}
