import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { run } from "../support/site.ts";

const site = join(import.meta.dirname, "../fixtures/site");

test("shell -c runs a snippet with the models by name, await and imports from the project", async () => {
  const code = `const { Book: Same } = await import("./mysite/models.ts"); console.log(await Book.objects.count(), Same === Book)`;
  const { code: exitCode, stdout, stderr } = await run(site, ["shell", "-c", code]);
  expect({ exitCode, stdout, stderr }).toEqual({
    exitCode: 0,
    stdout: "3 true\n",
    stderr: "2 objects imported: settings, Book.\n",
  });
});

test("shell exits with 1 and the stack when the snippet throws", async () => {
  const { code, stderr } = await run(site, ["shell", "-c", 'throw new Error("odd")']);
  expect(code).toBe(1);
  expect(stderr).toMatch(/Error: odd\n +at .*\[shell\]:1/);
});

test("shell reads a snippet from a pipe", async () => {
  const bin = join(import.meta.dirname, "../support/bin.ts");
  const child = spawn(process.execPath, [...process.execArgv, bin, "shell"], { cwd: site });
  child.stdin.end("console.log(settings.debug);");
  expect(await text(child.stdout)).toBe("true\n");
});
