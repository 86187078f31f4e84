import type { CheckMessage } from "@tsjango/kernel/checks";
import { urlSetting } from "../backends/base/hints.ts";
import { connections } from "../connections.ts";
import { DEFAULT_ALIAS } from "../constants.ts";
import type { Options } from "../models/options.ts";
import { databaseForWrite } from "../routers.ts";

/** What the fields say is wrong with themselves, and where methods have their names. */
export function fieldProblems(options: Options): CheckMessage[] {
  // A proxy's are those of its model.
  const own = options.proxy ? [] : options.fields.flatMap((field) => field.checks().map((each) => ({ field, each })));
  return [
    ...own.map(
      ({ field, each }): CheckMessage => ({ level: "error", subject: `${options.label}.${field.name}`, ...each }),
    ),
    ...hiddenFields(options),
    ...fieldsElsewhere(options),
  ];
}

/** Fields of kinds that the model's database has not. */
function fieldsElsewhere(options: Options): CheckMessage[] {
  const found = options.proxy ? [] : options.fields.filter((field) => field.postgresOnly);
  if (found.length === 0) return [];
  const alias = databaseForWrite(options.model) ?? DEFAULT_ALIAS;
  const backend = connections.get(alias);
  if (backend.features.postgresExtras) return [];
  return found.map(({ name, valueField }) => ({
    level: "error",
    id: "postgres.E900",
    subject: `${options.label}.${name}`,
    message: `It is of the kind ${valueField.kind}, which PostgreSQL alone has; the database "${alias}" is ${backend.displayName}.`,
    hint:
      `Let ${urlSetting(alias)} name a PostgreSQL database` +
      (valueField.storage === "array" ? ", or take another kind: fields.json() holds lists on both." : "."),
  }));
}

/** Fields whose names a getter or method of the class has, too: instances could not hold their values. */
function hiddenFields(options: Options): CheckMessage[] {
  const { prototype } = options.model as unknown as { prototype: object };
  return options.fields
    .filter((field) => field.attribute in prototype && !(field.attribute in Object.prototype))
    .map((field) => ({
      level: "error",
      id: "models.E025",
      subject: `${options.label}.${field.name}`,
      message: `${options.modelName} has a getter or method called "${field.attribute}", as the field is.`,
      hint: "Rename one of them.",
    }));
}
