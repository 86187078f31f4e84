import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { madeProject, typeErrors } from "../support/made-project.ts";
import { run } from "../support/site.ts";
import { use } from "../support/use.ts";

describe("a made project", { timeout: 60_000 }, () => {
  test("type-checks, passes its checks and its tests as it is", async () => {
    const project = use(await madeProject());
    expect(await typeErrors(project.directory)).toBe("");
    expect(await run(project.directory, ["check"])).toMatchObject({ code: 0 });
    const tests = await run(project.directory, ["test"]);
    expect(tests).toMatchObject({ code: 0, stdout: expect.stringMatching(/Tests\s+1 passed/) });
  });
  test("is told by check --deploy what production needs, no more", async () => {
    const project = use(await madeProject());
    const { code, stderr } = await run(project.directory, ["check", "--deploy"]);
    const ids = [...stderr.matchAll(/\(([\w.]+\.[WE]\d+)\)/g)].map(([, id]) => id);
    expect([code, ids]).toEqual([0, ["security.W004", "security.W008", "security.W016", "security.W018"]]);
  });
  test("does so with the example, whose migrations are up to date", async () => {
    const project = use(await madeProject({ example: true }));
    expect(await typeErrors(project.directory)).toBe("");
    expect(await run(project.directory, ["makemigrations", "--check"])).toMatchObject({ code: 0 });
    expect(await run(project.directory, ["migrate"])).toMatchObject({ code: 0 });
    const [first, again] = [await run(project.directory, ["loadbooks"]), await run(project.directory, ["loadbooks"])];
    expect([first.stdout, again.stdout]).toEqual(["Loaded 5 books; there are 5.\n", "Loaded 0 books; there are 5.\n"]);
    const tests = await run(project.directory, ["test"]);
    expect(tests).toMatchObject({ code: 0, stdout: expect.stringMatching(/Tests\s+7 passed/) });
  });
  test("does so with a new app, which is installed and says how to mount it", async () => {
    const project = use(await madeProject());
    const made = await run(project.directory, ["startapp", "blog"]);
    expect(made).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("Added blog to installedApps in mysite/settings.ts."),
    });
    expect(made.stdout).toContain('path("blog/", include(blogUrls, { namespace: "blog" }))');
    const urls = join(project.directory, "mysite/urls.ts");
    const imports =
      'import { include, path, urls } from "tsjango/urls";\nimport { urlpatterns as blogUrls } from "../blog/urls.ts";';
    const mounted = readFileSync(urls, "utf8")
      .replace('import { urls } from "tsjango/urls";', imports)
      .replace("urls()", 'urls(path("blog/", include(blogUrls, { namespace: "blog" })))');
    writeFileSync(urls, mounted);
    expect(await typeErrors(project.directory)).toBe("");
    const tests = await run(project.directory, ["test"]);
    expect(tests).toMatchObject({ code: 0, stdout: expect.stringMatching(/Tests\s+2 passed/) });
  });
  test("refuses an app's name that is there or taken, and writes nothing", async () => {
    const project = use(await madeProject());
    const before = readFileSync(join(project.directory, "mysite/settings.ts"), "utf8");
    expect(await run(project.directory, ["startapp", "mysite"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("There is a mysite in"),
    });
    expect(await run(project.directory, ["startapp", "orm"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('An installed app has the label "orm" already.'),
    });
    expect(await run(project.directory, ["startapp"])).toMatchObject({ code: 2 });
    expect(readFileSync(join(project.directory, "mysite/settings.ts"), "utf8")).toBe(before);
  });
  test("keeps settings of an unusual shape, and is told what to add", async () => {
    const project = use(await madeProject());
    const file = join(project.directory, "mysite/settings.ts");
    const unusual = readFileSync(file, "utf8").replace("installedApps: []", "installedApps: [...[]]");
    writeFileSync(file, unusual);
    const { code, stdout } = await run(project.directory, ["startapp", "blog"]);
    expect(code).toBe(0);
    expect(stdout).toContain(
      'mysite/settings.ts is left as it is: add this to it.\n\n    import blog from "../blog/app.ts";',
    );
    expect(readFileSync(file, "utf8")).toBe(unusual);
  });
  test("catches a mistyped lookup when it is type-checked", async () => {
    const project = use(await madeProject({ example: true }));
    appendFileSync(join(project.directory, "books/views.ts"), 'Book.objects.filter({ title__icontain: "x" });\n');
    expect(await typeErrors(project.directory)).toMatch(
      /books\/views\.ts\(\d+,\d+\): error .*NoSuchLookup<"icontain">/,
    );
  });
});
