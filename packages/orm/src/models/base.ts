import { MultipleObjectsReturned, ObjectDoesNotExist } from "@tsjango/kernel/exceptions";
import { DEFAULT_ALIAS, STATE } from "../constants.ts";
import { ObjectNotUpdated } from "../exceptions.ts";
import { optionsOf } from "../fields/prepared.ts";
import { counted, type Deleted, type DeleteOptions, deleteInstance } from "../query/deletion.ts";
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
import { fillNew } from "./new-instance.ts";
import type { ModelInstance, ModelType } from "./options.ts";

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
      fillNew(this as unknown as ModelInstance, options, given);
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
