import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { DevServer } from "./support/dev-server.ts";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";

const FILES: Readonly<Record<string, string>> = {
  "mysite/urls.ts": `import { path, urls } from "@tsjango/core/urls";
import { home } from "./views.ts";
export const urlpatterns = urls(path("", home, { extra: { route: "route1" } }));
`,
  "mysite/views.ts": `import { render } from "@tsjango/core/shortcuts";
import type { HttpRequest } from "@tsjango/core/http";
import { settings, env } from "@tsjango/kernel/conf";
import { word } from "./word.ts";
export const home = (request: HttpRequest, { route }: { route: string }) =>
  render(request, "home.html", {
    pid: process.pid, word, setting: settings.custom["word"], variable: env.string("WORD_OF_ENV", "none"), view: "view1", route,
  });
`,
  "mysite/word.ts": 'export const word = "word1";\n',
  "mysite/templates/home.html":
    "<body>template1 {{ pid }} {{ word }} {{ setting }} {{ variable }} {{ view }} {{ route }} <link href='{% static \"a.css\" %}'></body>",
  "mysite/static/a.css": "/* static1 */",
  ".env": "WORD_OF_ENV=variable1\n",
};

/**
 * Each kind of change has its effect in the next answer, by the least that is needed: templates and static files are read
 * again by the same process, all else by a new one that has nothing of the old; open pages are told of each.
 */
export default async function kindsOfChanges(form: "long" | "short"): Promise<Measured> {
  return await within(
    DevServer.start(async (site) => {
      await site.edit("mysite/settings.ts", "debug: true,", 'debug: true, custom: { word: "setting1" },');
      for (const [file, text] of Object.entries(FILES)) await site.write(file, text);
    }),
    async (server) => {
      const { site } = server;
      await server.follow();
      const shown = async () => {
        const { status, text } = await server.get("/");
        const [, template, pid, ...rest] = /<body>(\w+) (\d+) (\w+) (\w+) (\w+) (\w+) (\w+) /.exec(text) ?? [];
        return { status, pid, words: [template, ...rest].join(" "), text };
      };
      const now = {
        template: "template1",
        word: "word1",
        setting: "setting1",
        variable: "variable1",
        view: "view1",
        route: "route1",
      };
      const expectWords = (found: { words: string; text: string }) => {
        const wanted = Object.values(now).join(" ");
        expectThat(found.words === wanted, `wanted ${wanted}; found ${found.words || found.text}`);
      };
      let before = await shown();
      expectWords(before);
      /** As the last answer showed it. */
      const wordOf = (key: string) => new RegExp(`${key}\\d+`).exec(before.words)?.[0] ?? "";
      let changes = 0;
      const told = async (count: number) => {
        await server.running.until(() => server.builds.length > count, 20_000);
      };

      /** Saves, and looks at the next answer: is it new, is its process? */
      async function change(
        key: keyof typeof now,
        save: (value: string) => Promise<void>,
        fresh: boolean,
      ): Promise<void> {
        changes++;
        const builds = server.builds.length;
        now[key] = `${key}${changes + 1}`;
        await save(now[key]);
        await told(builds);
        const after = await shown();
        expectWords(after);
        expectThat((after.pid !== before.pid) === fresh, `${key}: process ${before.pid} → ${after.pid}`);
        before = after;
      }

      for (let round = 0; round < (form === "long" ? 10 : 1); round++) {
        await change("template", (value) => site.edit("mysite/templates/home.html", wordOf("template"), value), false);
        await change("word", (value) => site.write("mysite/word.ts", `export const word = "${value}";\n`), true);
        await change("setting", (value) => site.edit("mysite/settings.ts", wordOf("setting"), value), true);
        await change("variable", (value) => site.write(".env", `WORD_OF_ENV=${value}\n`), true);
        await change("view", (value) => site.edit("mysite/views.ts", `"${wordOf("view")}"`, `"${value}"`), true);
        await change("route", (value) => site.edit("mysite/urls.ts", wordOf("route"), value), true);

        const css = await server.get("/static/a.css");
        const builds = server.builds.length;
        await site.write("mysite/static/a.css", `/* static${round + 2} */`);
        await told(builds);
        expectThat(css.text !== (await server.get("/static/a.css")).text, "the static file is the old one");
        expectThat((await shown()).pid === before.pid, "a static file started the site again");
      }

      // Removed: the page says what is missing. Renamed, with its import: as before. In a circle: it runs, or says why not.
      await rm(join(site.directory, "mysite/word.ts"));
      const missing = await server.until("/", ({ status }) => status === 500);
      expectThat(missing.text.includes("word.ts"), `the page does not name what is missing: ${missing.text}`);
      now.word = "renamed";
      await site.write("mysite/other.ts", 'export const word = "renamed";\n');
      await rename(join(site.directory, "mysite/other.ts"), join(site.directory, "mysite/final.ts"));
      await site.edit("mysite/views.ts", "./word.ts", "./final.ts");
      await server.until("/", ({ status }) => status === 200);
      expectWords(await shown());
      await site.write(
        "mysite/final.ts",
        'import { word as other } from "./circle.ts";\nexport const word = "renamed";\nexport const both = () => other;\n',
      );
      await site.write(
        "mysite/circle.ts",
        'import { word as other } from "./final.ts";\nexport const word = other + "!";\n',
      );
      const circle = await server.until("/", ({ text }) => text.includes("before initialization"));
      expectThat(circle.text.includes("circle.ts"), `the page does not name the circle: ${circle.text}`);
      await site.write("mysite/circle.ts", 'export const word = "no circle";\n');
      await server.until("/", ({ status }) => status === 200);
      expectWords(await shown());
      expectThat(!server.eventsEnded, "the connection of the open page has ended");
      expectThat(
        server.running.stdout.includes("mysite/static/a.css changed.\n"),
        "the terminal says nothing of the static file",
      );
      return {
        figure: `${changes} changes shown by the next answer, ${server.builds.length} builds told over one connection`,
      };
    },
  );
}
