import { MultipleObjectsReturned, ObjectDoesNotExist } from "@tsjango/kernel/exceptions";
import { didYouMean } from "@tsjango/kernel/utils";
import { DEFAULT_ALIAS, STATE } from "../constants.ts";
import { FieldError, ObjectNotUpdated } from "../exceptions.ts";
import { ManyToManyField } from "../fields/many-to-many.ts";
import { optionsOf } from "../fields/prepared.ts";
import { ForeignKey, ReverseRelation } from "../fields/relations.ts";
import { counted, type Deleted, type DeleteOptions, deleteInstance } from "../query/deletion.ts";
import { writableField } from "../query/field-values.ts";
import { sameRow, setKey } from "../query/identity.ts";
import { Manager } from "../query/manager.ts";
import { type RefreshOptions, refreshInstance } from "../query/refresh.ts";
import { Hydrated, InstanceState } from "../query/state.ts";
import {
  type CleanOptions,
  cleanFields,
  type FullCleanOptions,
  fullClean,
  validateConstraints,
  validateUnique,
} from "../query/validation.ts";
import { type SaveOptions, saveInstance } from "../query/writing.ts";
import { postInit, preInit } from "../signals.ts";
import type { UsingOptions } from "../transaction.ts";
import type { ModelInstance, ModelType, Options } from "./options.ts";
import { assignRelation } from "./relation-access.ts";

type Values = Readonly<Record<string, unknown>>;

/** The errors that each model has a class of its own for. */
const ERRORS = { DoesNotExist: ObjectDoesNotExist, MultipleObjectsReturned, NotUpdated: ObjectNotUpdated };
type ErrorName = keyof typeof ERRORS;

const managers = new WeakMap<object, Manager>();
const errors = new WeakMap<object, Readonly<Record<ErrorName, unknown>>>();

/** What all models are: rows that know how to be saved. Users see it through the types of `Model`. */
export class ModelBase {
  // Private where all else is plain: an own property that nothing enumerates costs more than the rest of the instance.
  readonly #state: InstanceState;

  constructor(given: Values | Hydrated = {}) {
    const hydrated = given instanceof Hydrated;
    if (preInit.hasListeners(this.constructor)) {
      preInit.sendSync({ sender: this.constructor, values: hydrated ? {} : given });
    }
    if (hydrated) {
      this.#state = given.state as InstanceState;
      given.fill(this, given.row);
    } else {
      const options = optionsOf(this.constructor as ModelType);
      this.#state = new InstanceState(DEFAULT_ALIAS, true);
      fillNew(this, options, given);
    }
    if (postInit.hasListeners(this.constructor)) postInit.sendSync({ sender: this.constructor, instance: this });
  }

  get [STATE](): InstanceState {
    return this.#state;
  }

  get pk(): unknown {
    return optionsOf(this.constructor as ModelType).pk.keyOf(this as unknown as ModelInstance);
  }
  set pk(value: unknown) {
    setKey(this as unknown as ModelInstance, optionsOf(this.constructor as ModelType), value);
  }

  /** Whether the other one is the same row of the same table; without a key only itself. */
  equals(other: unknown): boolean {
    return this === other || sameRow(this as unknown as ModelInstance, other);
  }

  save(options?: SaveOptions): Promise<void> {
    return saveInstance(this as unknown as ModelInstance, options);
  }

  async delete(options?: UsingOptions & DeleteOptions): Promise<number | Deleted> {
    return counted(await deleteInstance(this as unknown as ModelInstance, options?.using), options);
  }

  fullClean(options?: FullCleanOptions): Promise<void> {
    return fullClean(this as unknown as ModelInstance, options);
  }
  cleanFields(options?: CleanOptions): Promise<void> {
    return cleanFields(this as unknown as ModelInstance, options);
  }
  /** For the model's own: what must fit together. It throws `ValidationError`, and may set values. */
  clean(): Promise<void> | void {}
  validateUnique(options?: CleanOptions): Promise<void> {
    return validateUnique(this as unknown as ModelInstance, options);
  }
  validateConstraints(options?: CleanOptions): Promise<void> {
    return validateConstraints(this as unknown as ModelInstance, options);
  }

  refreshFromDb(options?: RefreshOptions): Promise<void> {
    return refreshInstance(this as unknown as ModelInstance, options);
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
});
for (const name of Object.keys(ERRORS) as ErrorName[]) {
  Object.defineProperty(ModelBase, name, {
    get(this: ModelType) {
      return errorsOf(this)[name];
    },
  });
}

/** A model's own errors are told from those of others by their class. */
function errorsOf(model: ModelType): Readonly<Record<ErrorName, unknown>> {
  let own = errors.get(model);
  if (own === undefined) {
    const named = Object.entries(ERRORS).map(([name, Base]) => {
      const Named = class extends (Base as typeof ObjectDoesNotExist) {
        override get name(): string {
          return `${model.name}.${name}`;
        }
      };
      return [name, Named] as const;
    });
    own = Object.fromEntries(named) as Record<ErrorName, unknown>;
    errors.set(model, own);
  }
  return own;
}

function fillNew(instance: ModelBase, options: Options, values: Values): void {
  const target = instance as unknown as ModelInstance;
  for (const field of options.fields) {
    const known = !field.hasDbDefault && !field.generated;
    target[field.attribute] = field.hasDefault ? field.makeDefault() : field.null && known ? null : undefined;
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
    else if (field === options.pk) setKey(target, options, value);
    else target[writableField(options, name).attribute] = value;
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
