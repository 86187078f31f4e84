import * as exceptions from "@tsjango/kernel/exceptions";
import { expect, test } from "vitest";

test("every error has a name and a stable code of its own", () => {
  const classes = Object.values(exceptions) as (new (message: string) => exceptions.TsjangoError)[];
  const codes = classes.map((Class) => new Class("message").code);
  expect(new Set(codes).size).toBe(classes.length);
  for (const Class of classes) {
    const error = new Class("message");
    expect(error.name).toBe(Class.name);
    expect(error.code).toBe(
      Class.name
        .replace(/(?<=[a-z])(?=[A-Z])/g, "_")
        .toLowerCase()
        .replace("tsjango_error", "tsjango"),
    );
  }
});

test("a command's error says how the process exits", () => {
  expect(new exceptions.CommandError("x").exitCode).toBe(1);
  expect(new exceptions.CommandError("x", { exitCode: 3 }).exitCode).toBe(3);
  expect(new exceptions.UsageError("x").exitCode).toBe(2);
});
