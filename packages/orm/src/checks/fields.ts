import type { CheckMessage } from "@tsjango/kernel/checks";
import type { Options } from "../models/options.ts";

/** What the fields say is wrong with themselves, and where methods have their names. */
export function fieldProblems(options: Options): CheckMessage[] {
  // A proxy's are those of its model.
  const own = options.proxy ? [] : options.fields.flatMap((field) => field.checks().map((each) => ({ field, each })));
  return [
    ...own.map(
      ({ field, each }): CheckMessage => ({ level: "error", subject: `${options.label}.${field.name}`, ...each }),
    ),
    ...hiddenFields(options),
  ];
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
