import type { Receiver } from "@tsjango/kernel/signals";
import { SignalError } from "./exceptions.ts";
import type { AnyModel, InstanceOf } from "./models/model.types.ts";

/** What the links of a many-to-many relation go through. */
export type LinkAction = "preAdd" | "postAdd" | "preRemove" | "postRemove" | "preClear" | "postClear";

/** What model signals carry, by their names; M is the model's instances. */
export interface ModelPayloads<C extends AnyModel> {
  readonly classPrepared: { readonly sender: C };
  readonly preInit: { readonly sender: C; readonly values: Readonly<Record<string, unknown>> };
  readonly postInit: { readonly sender: C; readonly instance: InstanceOf<C> };
  readonly preSave: {
    readonly sender: C;
    readonly instance: InstanceOf<C>;
    /** Whether the row is loaded as it stands in a fixture. */
    readonly raw: boolean;
    readonly using: string;
    /** The fields that are written; undefined for all. */
    readonly updateFields: readonly string[] | undefined;
  };
  readonly postSave: ModelPayloads<C>["preSave"] & { readonly created: boolean };
  readonly preDelete: {
    readonly sender: C;
    readonly instance: InstanceOf<C>;
    readonly using: string;
    /** What `delete` was called on: an instance, or a query set. */
    readonly origin: unknown;
  };
  readonly postDelete: ModelPayloads<C>["preDelete"];
  readonly m2mChanged: {
    /** The model of the links. */
    readonly sender: C;
    /** The row whose links change. */
    readonly instance: unknown;
    readonly action: LinkAction;
    /** Whether the relation is changed from its other side. */
    readonly reverse: boolean;
    /** The model of the rows that are linked. */
    readonly model: AnyModel;
    /** Their keys; undefined where all links go. */
    readonly pkSet: ReadonlySet<unknown> | undefined;
    readonly using: string;
  };
}

/** How a receiver listens. */
export interface ConnectOptions<C extends AnyModel> {
  /** Only what this model sends. Default: all. */
  readonly sender?: C | undefined;
  /** Two receivers of one name are one: the first that is connected. */
  readonly dispatchUid?: string | undefined;
}

type Send = (payload: { readonly sender: AnyModel }) => unknown;
interface Listener {
  readonly receiver: unknown;
  readonly sender: AnyModel | undefined;
  readonly dispatchUid: string | undefined;
  readonly send: Send;
}

/**
 * Tells of what happens to a model's rows. Receivers are awaited one after the other, in the order in which they were
 * connected, and what they throw ends what they were told of.
 * Source: https://docs.djangoproject.com/en/5.2/ref/signals/#module-django.db.models.signals
 * @example
 * const disconnect = postSave.connect(async ({ instance, created }) => {
 *   if (created) await Profile.objects.create({ author: instance });
 * }, { sender: Author });
 */
export class ModelSignal<K extends keyof ModelPayloads<AnyModel>> {
  readonly name: K;
  #listeners: readonly Listener[] = [];

  constructor(name: K) {
    this.name = name;
  }

  /** Adds a receiver, once for each sender; gives the function that removes it. */
  connect<C extends AnyModel = AnyModel>(
    receiver: Receiver<ModelPayloads<C>[K]>,
    { sender, dispatchUid }: ConnectOptions<C> = {},
  ): () => boolean {
    const known = this.#listeners.some(
      (each) =>
        each.sender === sender &&
        (dispatchUid === undefined ? each.receiver === receiver : each.dispatchUid === dispatchUid),
    );
    if (!known) {
      const listener: Listener = { receiver, sender, dispatchUid, send: receiver as unknown as Send };
      this.#listeners = [...this.#listeners, listener];
    }
    return () => this.disconnect(receiver, { sender, dispatchUid });
  }

  /** Removes a receiver; says whether it was connected. */
  disconnect<C extends AnyModel = AnyModel>(
    receiver: Receiver<ModelPayloads<C>[K]>,
    { sender, dispatchUid }: ConnectOptions<C> = {},
  ): boolean {
    const before = this.#listeners.length;
    this.#listeners = this.#listeners.filter(
      (each) =>
        each.sender !== sender ||
        (dispatchUid === undefined ? each.receiver !== receiver : each.dispatchUid !== dispatchUid),
    );
    return this.#listeners.length < before;
  }

  /** Whether anybody listens to this sender. */
  hasListeners(sender: unknown): boolean {
    return this.#listeners.length > 0 && this.#heard(sender).length > 0;
  }

  /** Runs the receivers of a sender; rejects with the first error. */
  async send(payload: Readonly<Record<string, unknown>> & { readonly sender: unknown }): Promise<void> {
    for (const { send } of this.#heard(payload.sender)) await send(payload as { sender: AnyModel });
  }

  /** The same at once. Throws `SignalError` for a receiver that is async: nobody can wait for it. */
  sendSync(payload: Readonly<Record<string, unknown>> & { readonly sender: unknown }): void {
    for (const { send } of this.#heard(payload.sender)) {
      const result = send(payload as { sender: AnyModel });
      if (typeof (result as PromiseLike<unknown> | undefined)?.then !== "function") continue;
      Promise.resolve(result).catch(() => {});
      throw new SignalError(
        `${this.name} is sent while an instance is made, which cannot wait: a receiver of it must not be async. ` +
          "Listen to postSave, or do it where the instance is used.",
      );
    }
  }

  #heard(sender: unknown): readonly Listener[] {
    return this.#listeners.filter((each) => each.sender === undefined || each.sender === sender);
  }
}

/** A model's class is ready: its fields and relations are known. */
export const classPrepared: ModelSignal<"classPrepared"> = new ModelSignal("classPrepared");
/** An instance is about to be made, by `new` or of a row. Receivers are synchronous. */
export const preInit: ModelSignal<"preInit"> = new ModelSignal("preInit");
/** An instance was made, by `new` or of a row. Receivers are synchronous. */
export const postInit: ModelSignal<"postInit"> = new ModelSignal("postInit");
/** An instance is about to be saved. Not sent by `update` and the bulk methods. */
export const preSave: ModelSignal<"preSave"> = new ModelSignal("preSave");
/** An instance was saved. */
export const postSave: ModelSignal<"postSave"> = new ModelSignal("postSave");
/** A row is about to be deleted, by its instance, a query set, or as part of a cascade. */
export const preDelete: ModelSignal<"preDelete"> = new ModelSignal("preDelete");
/** A row was deleted. */
export const postDelete: ModelSignal<"postDelete"> = new ModelSignal("postDelete");
/** Links of a many-to-many relation change: `add`, `remove`, `clear`, `set`. */
export const m2mChanged: ModelSignal<"m2mChanged"> = new ModelSignal("m2mChanged");
