import { isConfigured, settings } from "@tsjango/kernel/conf";
import { optionsOf } from "./fields/prepared.ts";
import type { AnyModel } from "./models/model.types.ts";
import type { ModelInstance, ModelType } from "./models/options.ts";

/** What a router may go by. */
export interface RouterHints {
  /** The app of the model: `"blog"`. */
  readonly app: string;
  /** The row that is written, or whose relation is read. */
  readonly instance?: ModelInstance | undefined;
}

/**
 * Chooses databases by their aliases. Each method may be left out, or give undefined: then the next router is asked, and
 * at last the database that a row came from, or `default`.
 * Source: https://docs.djangoproject.com/en/5.2/topics/db/multi-db/#using-routers
 * @example
 * const replicas: DatabaseRouter = { dbForRead: () => "replica", dbForWrite: () => "default", allowRelation: () => true };
 * const logs: DatabaseRouter = { dbForWrite: (_, { app }) => (app === "logs" ? "logs" : undefined) };
 */
export interface DatabaseRouter {
  dbForRead?(model: AnyModel, hints: RouterHints): string | undefined;
  dbForWrite?(model: AnyModel, hints: RouterHints): string | undefined;
  /** Whether a row may refer to another; else only where both are in one database. */
  allowRelation?(one: ModelInstance, other: ModelInstance): boolean | undefined;
  /** Whether a database has the tables of an app, or of one of its models. By itself it has. */
  allowMigrate?(alias: string, app: string, hints: { readonly model?: string | undefined }): boolean | undefined;
}

declare module "@tsjango/kernel/conf" {
  interface SettingsInput {
    /** What chooses the database of a query, in order: `[replicas]`. */
    databaseRouters?: readonly DatabaseRouter[];
  }
  interface Settings {
    readonly databaseRouters?: readonly DatabaseRouter[] | undefined;
  }
}

const NONE: readonly DatabaseRouter[] = [];

function routers(): readonly DatabaseRouter[] {
  // Migrations can be run on a database without a project.
  return (isConfigured() && "databaseRouters" in settings ? settings.databaseRouters : undefined) ?? NONE;
}

/** Whether databases are chosen by routers. */
export function hasRouters(): boolean {
  return routers().length > 0;
}

/** The first answer of a router. */
function ask<T>(question: (router: DatabaseRouter) => T | undefined): T | undefined {
  for (const router of routers()) {
    const answer = question(router);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

/** The database that a model is read from; undefined where no router says. */
export function databaseForRead(model: ModelType): string | undefined {
  return ask((router) => router.dbForRead?.(model as unknown as AnyModel, hintsOf(model)));
}

/** The database that a model is written to; undefined where no router says. */
export function databaseForWrite(model: ModelType, instance?: ModelInstance): string | undefined {
  return ask((router) => router.dbForWrite?.(model as unknown as AnyModel, hintsOf(model, instance)));
}

function hintsOf(model: ModelType, instance?: ModelInstance): RouterHints {
  return { app: optionsOf(model).appLabel, instance };
}

/** What routers say of a relation between two rows; undefined where none does. */
export function relationAllowed(one: ModelInstance, other: ModelInstance): boolean | undefined {
  return ask((router) => router.allowRelation?.(one, other));
}

/** Whether a database has a model's table; without a model, whether an app's migrations run code there. */
export function migrationAllowed(alias: string, app: string, model?: string): boolean {
  return ask((router) => router.allowMigrate?.(alias, app, { model })) ?? true;
}
