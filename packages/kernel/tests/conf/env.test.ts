import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const conf = new URL("../../src/conf/index.ts", import.meta.url).href;

/** Evaluates `expression` in a settings file of a project whose `.env` is `dotenv`. */
function evaluate(expression: string, dotenv: string | undefined, variables: Record<string, string> = {}): unknown {
  const project = temporaryDirectory({
    "package.json": '{ "type": "module" }',
    "mysite/settings.ts": `import { env } from ${JSON.stringify(conf)};
      let answer; try { answer = ${expression}; } catch (error) { answer = error.message.replaceAll(process.argv[2], "ROOT"); }
      console.log(JSON.stringify(answer));`,
    ...(dotenv === undefined ? {} : { ".env": dotenv }),
  });
  const output = execFileSync(
    process.execPath,
    ["--conditions=@tsjango/source", `${project.path}/mysite/settings.ts`, project.path],
    { cwd: "/", encoding: "utf8", env: { PATH: process.env["PATH"], ...variables } },
  );
  return JSON.parse(output);
}

describe("env", () => {
  test("reads the .env file beside the nearest package.json, wherever the process started", () => {
    expect(evaluate('env.string("NAME")', 'NAME="a b" # comment')).toBe("a b");
  });
  test("lets real variables win over the file", () => {
    expect(evaluate('env.string("NAME")', "NAME=file", { NAME: "real" })).toBe("real");
  });
  test("takes the fallback where nothing is set, and says what to do without one", () => {
    expect(evaluate('env.string("NAME", "x")', undefined)).toBe("x");
    expect(evaluate('env.string("NAME")', undefined)).toBe(
      'The environment variable NAME is not set. Set it, or add a line "NAME=…" to ROOT/.env.',
    );
  });
  test("parses booleans, integers and lists", () => {
    const dotenv = "YES=True\nNO=off\nEMPTY=\nN= 42\nHOSTS=a.com, b.com,,";
    expect(
      evaluate(
        '[env.boolean("YES"), env.boolean("NO"), env.boolean("EMPTY"), env.integer("N"), env.list("HOSTS")]',
        dotenv,
      ),
    ).toEqual([true, false, false, 42, ["a.com", "b.com"]]);
  });
  test("names the variable, what it must be and what was found", () => {
    expect(evaluate('env.boolean("DEBUG")', "DEBUG=maybe")).toBe(
      'The environment variable DEBUG must be "true" or "false"; found string \'maybe\'.',
    );
    expect(evaluate('env.integer("N")', "N=1e99")).toContain("must be a whole number");
    expect(evaluate('env.integer("SECRET_N")', "SECRET_N=hunter2")).not.toContain("hunter2");
  });
  test("takes database URLs", () => {
    expect(evaluate('env.database("DATABASE_URL", "sqlite:db.sqlite3")', undefined)).toEqual({
      url: "sqlite:db.sqlite3",
    });
    expect(evaluate('env.database("DATABASE_URL")', "DATABASE_URL=db.sqlite3")).toContain(
      'such as "sqlite:db.sqlite3"',
    );
  });
});
