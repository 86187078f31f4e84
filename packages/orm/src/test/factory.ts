import { ModelError } from "../exceptions.ts";
import type { Field } from "../fields/field.ts";
import { optionsOf } from "../fields/prepared.ts";
import { ForeignKey } from "../fields/relations.ts";
import type { AnyModel, CreateInput, InstanceOf } from "../models/model.types.ts";
import type { ModelInstance, ModelType } from "../models/options.ts";
import { saveByItself } from "../query/writing.ts";
import { madeValue } from "./made-value.ts";

/** What a factory may be told of a field: a value, a function of the running number, or a factory of the other model. */
export type FactoryValue<V> = V | ((n: number) => V | Promise<V>) | (V extends object ? Factory<V> : never);

/** What a factory may be told of a model. */
export type FactoryValues<M> = {
  readonly [K in keyof CreateInput<M>]?: FactoryValue<CreateInput<M>[K]>;
};

/** Makes instances of one model for tests. */
export interface Factory<M> {
  /** An instance that is not saved, nor are the related ones that it needs. */
  build(values?: FactoryValues<M>): Promise<M>;
  /** A saved instance; related ones that it needs are made and saved first. */
  create(values?: FactoryValues<M>): Promise<M>;
  /** Several saved instances. */
  createBatch(count: number, values?: FactoryValues<M>): Promise<M[]>;
}

type Values = Readonly<Record<string, unknown>>;

/** How far each model's numbers have come: of one model, so that two factories of it make no equal values. */
const numbers = new WeakMap<ModelType, number>();

/**
 * A factory of a model: it fills each field that has to have a value, with another value each time where its kind lets
 * it, and makes the related objects that an instance needs.
 * @example
 * const books = factory(Book, { title: (n) => `Book ${n}`, author: factory(Author, { name: "Jane Austen" }) });
 * const emma = await books.create({ title: "Emma" });
 * const others = await books.createBatch(3, { author: await emma.author });
 */
export function factory<C extends AnyModel>(
  model: C,
  values: FactoryValues<InstanceOf<C>> = {},
): Factory<InstanceOf<C>> {
  return new ModelFactory(model as unknown as ModelType, values) as unknown as Factory<InstanceOf<C>>;
}

class ModelFactory {
  readonly #model: ModelType;
  readonly #values: Values;

  constructor(model: ModelType, values: Values = {}) {
    this.#model = model;
    this.#values = values;
  }

  build(values: Values = {}): Promise<ModelInstance> {
    return this.make(values, false, []);
  }

  create(values: Values = {}): Promise<ModelInstance> {
    return this.make(values, true, []);
  }

  async createBatch(count: number, values: Values = {}): Promise<ModelInstance[]> {
    const made: ModelInstance[] = [];
    for (let index = 0; index < count; index++) made.push(await this.create(values));
    return made;
  }

  /** @param above The models for whose instances this one is made. */
  async make(values: Values, save: boolean, above: readonly ModelType[]): Promise<ModelInstance> {
    const { fields } = optionsOf(this.#model);
    const n = (numbers.get(this.#model) ?? 0) + 1;
    numbers.set(this.#model, n);
    const made: Record<string, unknown> = { ...this.#values, ...values };
    for (const [name, given] of Object.entries(made)) {
      if (given instanceof ModelFactory) made[name] = await given.make({}, save, [...above, this.#model]);
      else if (typeof given === "function") made[name] = await given(n);
    }
    for (const field of fields) {
      if (made[field.name] !== undefined || !needsValue(field)) continue;
      made[field.name] = field instanceof ForeignKey ? await this.#related(field, save, above) : madeValue(field, n);
    }
    const instance = new this.#model(made);
    if (save) await saveByItself(instance, { forceInsert: true });
    return instance;
  }

  #related(field: ForeignKey, save: boolean, above: readonly ModelType[]): Promise<ModelInstance> {
    const path = [...above, this.#model];
    if (path.includes(field.target)) {
      const names = [...path, field.target].map(({ name }) => name).join(" → ");
      throw new ModelError(
        `A factory cannot make ${field.label}: each would need another before it (${names}). ` +
          `Give one: factory(${this.#model.name}, { ${field.name}: … }).`,
      );
    }
    return new ModelFactory(field.target).make({}, save, path);
  }
}

/** Whether nobody else gives the field a value. */
function needsValue(field: Field): boolean {
  const stamped = field.options["autoNow"] === true || field.options["autoNowAdd"] === true;
  return !(field.null || field.auto || field.hasDefault || field.hasDbDefault || field.generated || stamped);
}
