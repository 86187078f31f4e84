import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { importApplication } from "../src/index.ts";

const here = import.meta.dirname;

async function failure(specifier: string, cwd = here): Promise<{ message: string; exitCode: number }> {
  const error = await importApplication(specifier, cwd).catch((thrown: unknown) => thrown);
  return error as { message: string; exitCode: number };
}

describe("importApplication", () => {
  test.each([
    "support.application:application",
    "support.application",
    "./support/application.ts",
    "support/application",
  ])("finds %s", async (specifier) => expect(typeof (await importApplication(specifier, here))).toBe("function"));

  test("names what was tried and what is near", async () => {
    const error = await failure("support.aplication:application");
    expect(error.message).toBe(
      `There is no module for "support.aplication:application" in ${here}: ` +
        `tried support/aplication.ts and support/aplication.js. There is support/application.ts.`,
    );
    expect(error.exitCode).toBe(1);
  });

  test("names the functions of a module whose export is no function", async () => {
    const error = await failure("support.no-application");
    expect(error.message).toContain('its export "application" is object');
    expect(error.message).toContain('write "support.no-application:wsgi"');
    expect(error.exitCode).toBe(1);
  });

  test("keeps the error of a module that throws, as a failed boot", async () => {
    const error = await failure("throws-on-import", join(here, "support"));
    expect(error).toMatchObject({ exitCode: 3, cause: { message: "the settings are missing" } });
    expect(error.message).toBe("Importing throws-on-import.ts failed: the settings are missing");
  });

  test("refuses an empty module or name", async () => {
    expect((await failure(":application")).message).toContain('Write "module:name"');
    expect((await failure("support.application:")).message).toContain('Write "module:name"');
  });
});
