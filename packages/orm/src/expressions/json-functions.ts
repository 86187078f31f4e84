import type { JsonNode } from "./arithmetic.types.ts";
import { source } from "./expression.ts";
import type { ConditionsIn, Expression } from "./expression.types.ts";
import { make } from "./make.ts";
import { bareCall } from "./plain-call.ts";
import type { Source, SourcePaths, SourceValue } from "./source.types.ts";

type Values<T> = { -readonly [K in keyof T]: T[K] extends Source ? SourceValue<T[K]> : never };

/**
 * A JSON object of values, which are paths or expressions: `JSONObject({ name: Lower("name"), age: "age" })`. Dates,
 * decimals and 64-bit numbers are texts in it.
 * Source: https://docs.djangoproject.com/en/5.2/ref/models/database-functions/#jsonobject
 */
export function JSONObject<const T extends Readonly<Record<string, Source>>>(
  values: T,
): Expression<JsonNode<Values<T>>, SourcePaths<T[keyof T]>, ConditionsIn<T[keyof T]>> {
  const args = Object.entries(values).flatMap(([key, value]) => [
    { kind: "value", value: key } as const,
    source(value, `JSONObject: ${key}`),
  ]);
  return make({ kind: "function", name: "jsonObject", args });
}

/** A JSON array of values, which are paths or expressions: `JSONArray("name", F("age").times(2))`. */
export function JSONArray<const T extends readonly Source[]>(
  ...values: T
): Expression<JsonNode<Values<T>>, SourcePaths<T[number]>, ConditionsIn<T[number]>> {
  return make({ kind: "function", name: "jsonArray", args: values.map((value) => source(value, "JSONArray")) });
}

/** A random UUID, of version 4; another one for each row. */
export function UUID4(): Expression<string> {
  return bareCall("uuid4");
}

/** A UUID of version 7: it begins with the moment when it was made, so that later ones are greater. */
export function UUID7(): Expression<string> {
  return bareCall("uuid7");
}
