import { MultipleObjectsReturned, ObjectDoesNotExist } from "@tsjango/kernel/exceptions";
import { didYouMean } from "@tsjango/kernel/utils";
import { DEFAULT_ALIAS, STATE } from "../constants.ts";
import { FieldError } from "../exceptions.ts";
import { ManyToManyField } from "../fields/many-to-many.ts";
import { optionsOf } from "../fields/prepared.ts";
import { ForeignKey, ReverseRelation } from "../fields/relations.ts";
import { deleteInstance } from "../query/deletion.ts";
import { Manager } from "../query/manager.ts";
import { QuerySet } from "../query/query-set.ts";
import { getRow } from "../query/retrieval.ts";
import { Hydrated, type InstanceState } from "../query/state.ts";
import { type SaveOptions, saveInstance } from "../query/writing.ts";
import { lookupQuery } from "../sql/query.ts";
import type { ModelInstance, ModelType, Options } from "./options.ts";
import { assignRelation } from "./relation-access.ts";

type Values = Readonly<Record<string, unknown>>;

const managers = new WeakMap<object, Manager>();
const errors = new WeakMap<object, { DoesNotExist: unknown; MultipleObjectsReturned: unknown }>();

/** What all models are: rows that know how to be saved. Users see it through the types of `Model`. */
export class ModelBase {
  declare [STATE]: InstanceState;

  constructor(given: Values | Hydrated = {}) {
    const options = optionsOf(this.constructor as ModelType);
    if (given instanceof Hydrated) fill(this, options, given);
    else fillNew(this, options, given);
  }

  get pk(): unknown {
    return optionsOf(this.constructor as ModelType).pk.keyOf(this as unknown as ModelInstance);
  }

  save(options?: SaveOptions): Promise<void> {
    return saveInstance(this as unknown as ModelInstance, options);
  }

  delete(): Promise<number> {
    return deleteInstance(this as unknown as ModelInstance);
  }

  async refreshFromDb(): Promise<void> {
    const model = this.constructor as ModelType;
    const options = optionsOf(model);
    const state = this[STATE];
    const fresh = await getRow(new QuerySet(lookupQuery(model, state.alias, { pk: this.pk })));
    for (const field of options.fields) {
      (this as unknown as ModelInstance)[field.attribute] = fresh[field.attribute];
    }
    state.relations.clear();
    state.adding = false;
  }
}

// On heirs, `this` is the heir: each class has a manager and errors of its own.
Object.defineProperties(ModelBase, {
  objects: {
    get(this: ModelType) {
      let manager = managers.get(this);
      if (manager === undefined) {
        manager = new Manager().bind(this);
        managers.set(this, manager);
      }
      return manager;
    },
    configurable: true,
  },
  DoesNotExist: {
    get(this: ModelType) {
      return errorsOf(this).DoesNotExist;
    },
  },
  MultipleObjectsReturned: {
    get(this: ModelType) {
      return errorsOf(this).MultipleObjectsReturned;
    },
  },
});

function errorsOf(model: ModelType) {
  let own = errors.get(model);
  if (own === undefined) {
    const named = <T extends typeof ObjectDoesNotExist>(Base: T, name: string): T => {
      const Named = class extends (Base as typeof ObjectDoesNotExist) {
        override get name(): string {
          return `${model.name}.${name}`;
        }
      };
      return Named as T;
    };
    own = {
      DoesNotExist: named(ObjectDoesNotExist, "DoesNotExist"),
      MultipleObjectsReturned: named(MultipleObjectsReturned, "MultipleObjectsReturned"),
    };
    errors.set(model, own);
  }
  return own;
}

function setState(instance: object, state: InstanceState): void {
  // Not enumerable: spreading, comparing and printing an instance shows its fields.
  Object.defineProperty(instance, STATE, { value: state, writable: true });
}

function fill(instance: ModelBase, options: Options, { values, state }: Hydrated): void {
  setState(instance, state);
  const { fields } = options;
  for (let index = 0; index < fields.length; index++) {
    (instance as unknown as ModelInstance)[fields[index]!.attribute] = values[index];
  }
}

function fillNew(instance: ModelBase, options: Options, values: Values): void {
  setState(instance, { alias: DEFAULT_ALIAS, adding: true, relations: new Map(), peers: undefined });
  const target = instance as unknown as ModelInstance;
  for (const field of options.fields) {
    target[field.attribute] = field.hasDefault ? field.makeDefault() : field.null ? null : undefined;
  }
  for (const [name, value] of Object.entries(values)) {
    const field = options.find(name);
    if (field === undefined) throw unknownValue(options, name);
    if (value === undefined) {
      throw new FieldError(
        `${options.modelName}: the value of "${name}" is undefined. Leave the key out for the default, or write null.`,
      );
    }
    if (field instanceof ManyToManyField) throw linksGiven(field);
    if (field instanceof ReverseRelation) assignRelation(target, field, value);
    else if (field instanceof ForeignKey && name === field.name) assignRelation(target, field, value);
    else target[field.attribute] = value;
  }
}

function linksGiven({ label, name }: ManyToManyField): FieldError {
  return new FieldError(`${label} can be set when the row has been saved: await instance.${name}.set([…]).`);
}

function unknownValue(options: Options, name: string): FieldError {
  const choices = options.fields.map((field) => field.name);
  return new FieldError(
    `${options.modelName} has no field "${name}".${didYouMean(name, choices)} Choices: ${choices.join(", ")}.`,
  );
}
