import { globSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { eventually, freePort, isPortFree } from "../helpers/http.ts";
import { forgetNpx } from "../helpers/npx.ts";
import { succeed } from "../helpers/process.ts";
import { Project } from "../helpers/project.ts";
import { type Machine, userEnv } from "../helpers/user.ts";

const PAGE = `import { HttpResponse } from "tsjango/http";

export function index(): HttpResponse {
  return new HttpResponse("edited once");
}
`;

const MODELS = `import { fields, Model } from "tsjango/db";

export class Entry extends Model<Entry>()({
  title: fields.char({ maxLength: 200 }),
}) {}
`;

/** The user's path, on one of the machines that it is promised for. */
export function fiveMinutes(machine: Machine): void {
  beforeAll(forgetNpx);

  test("from an empty directory to a site in production", async () => {
    using project = await Project.make(["--example"], machine);
    expect(await succeed(["npm", "--version"], { cwd: project.directory, env: userEnv(machine) })).toContain(
      machine.npm,
    );

    expect(await project.tsjango(["migrate"])).toContain("books.0001_initial");
    expect(await project.tsjango(["loadbooks"])).toContain("Loaded 5 books");
    expect(await project.tsjango(["loadbooks"])).toContain("Loaded 0 books");

    {
      await using site = await project.runserver();
      expect(await eventually(`${site.url}/`, (text) => text.includes("Middlemarch"))).toContain("Jane Austen");
      expect(await eventually(`${site.url}/?q=emma`, (text) => !text.includes("Middlemarch"))).toContain("Emma");
      project.write("books/views.ts", `${project.read("books/views.ts")}\nexport const edited = "edited";\n`);
      project.write("books/templates/books/index.html", "<p>{{ q }} rewritten</p>");
      expect(await eventually(`${site.url}/?q=<b>`, (text) => text.includes("rewritten"))).toContain("&lt;b&gt;");

      expect(await project.tsjango(["startapp", "blog"])).toContain("blog");
      project.write("blog/models.ts", MODELS);
      project.write("blog/views.ts", PAGE);
      project.write(
        "mysite/urls.ts",
        'import { include, path, urls } from "tsjango/urls";\nimport { urlpatterns as blog } from "../blog/urls.ts";\n' +
          'export const urlpatterns = urls(path("blog/", include(blog)));\n',
      );
      await eventually(`${site.url}/blog/`, (text) => text === "edited once");
      project.write("blog/views.ts", PAGE.replace("edited once", "edited twice"));
      await eventually(`${site.url}/blog/`, (text) => text === "edited twice");
      expect((await site.server.stop("SIGTERM")).code).toBe(0);
      expect(await isPortFree(Number(new URL(site.url).port))).toBe(true);
    }

    expect(await project.tsjango(["makemigrations"])).toContain("Entry");
    expect(globSync("blog/migrations/0001_*.ts", { cwd: project.directory })).toHaveLength(1);
    expect(await project.tsjango(["migrate"])).toContain("blog.0001_initial");
    expect(await project.tsjango(["makemigrations", "--check"])).toContain("No changes");

    // As a container has it.
    expect(await project.run(["npm", "ci", "--omit=dev"])).toMatchObject({ code: 0 });
    const installed = JSON.parse(project.read("node_modules/.package-lock.json")) as { packages: object };
    // A fifth of them are pino, with what it stands on.
    expect(Object.keys(installed.packages).length).toBeLessThanOrEqual(60);
    const port = await freePort();
    const words = ["serve", "mysite.asgi:application", "-w", "2", "--bind", `127.0.0.1:${port}`];
    await using server = project.start(words, { DEBUG: "false" });
    const url = `http://127.0.0.1:${port}/blog/`;
    await eventually(url, (text) => text === "edited twice");
    const answers = await Promise.all(Array.from({ length: 50 }, async () => (await fetch(url)).text()));
    expect(new Set(answers)).toEqual(new Set(["edited twice"]));
    const { code, output } = await server.stop("SIGTERM");
    expect(code, output).toBe(0);
    expect(await isPortFree(port)).toBe(true);
    expect(server.isGroupAlive()).toBe(false);
  });

  test("a new project has few files, and its types, tests and checks pass as it is", async () => {
    using project = await Project.make([], machine);
    const files = globSync("**/*", { cwd: project.directory, exclude: (name) => name === "node_modules" })
      .concat(globSync(".*", { cwd: project.directory }))
      .filter((file) => file !== "package-lock.json" && !globSync(join(project.directory, file, "*")).length);
    expect(files.length, files.join("\n")).toBeLessThanOrEqual(15);

    expect(await project.run(["npx", "tsc"])).toMatchObject({ code: 0 });
    expect(await project.tsjango(["check"])).toContain("no issues");
    expect(await project.tsjango(["test"])).toMatch(/Tests\s+\d+ passed/);
    expect(await project.run(["npm", "test"])).toMatchObject({ code: 0 });
    expect(await project.run(["npm", "run", "check"])).toMatchObject({ code: 0 });

    // As a colleague or a container gets it: from the lock file, in a clean place.
    expect(await project.run(["npm", "ci"])).toMatchObject({ code: 0 });
    await project.tsjango(["startapp", "blog"]);
    expect(await project.run(["npx", "tsc"])).toMatchObject({ code: 0 });
    expect(await project.tsjango(["test"])).toMatch(/Test Files\s+2 passed/);
  });
}
