import { afterAll, beforeAll, expect, test } from "vitest";
import { browserStory, openBrowser } from "../helpers/browser.ts";
import { eventually } from "../helpers/http.ts";
import { Project } from "../helpers/project.ts";

let project: Project;
beforeAll(async () => {
  project = await Project.example();
  await project.tsjango(["migrate"]);
});
afterAll(() => project?.[Symbol.dispose]());

browserStory("a syntax error shows in the terminal and in the browser, and the next save recovers", async () => {
  await using site = await project.runserver();
  await using browser = await openBrowser();
  const page = await browser.newPage();
  await page.goto(`${site.url}/`);
  expect(await page.title()).toBe("Books");
  const shows = (text: string) => page.waitForFunction(`document.title.includes(${JSON.stringify(text)})`);

  const views = project.read("books/views.ts");
  project.write("books/views.ts", `${views}\nexport const broken = <b>;\n`);
  // Nobody loads the page again but the page itself.
  await shows("SyntaxError");
  // biome-ignore lint/performance/useDomNodeTextContent: what a reader sees, not what is hidden
  const shown = await page.locator("body").innerText();
  expect(shown).toContain("books/views.ts");
  expect(shown).toContain("export const broken = <b>;");
  expect(shown).toMatch(/SyntaxError|Expression expected|Unexpected/);
  await site.server.printed(/export const broken = <b>;/);

  project.write("books/views.ts", views);
  await shows("Books");
  const template = project.read("books/templates/books/base.html");
  project.write("books/templates/books/base.html", template.replace("</title>", " and more</title>"));
  await shows("Books and more");
  project.write("books/templates/books/base.html", template);
  expect((await site.server.stop("SIGINT")).code).toBe(0);
});

browserStory("an error in a view shows where it came from, and the rest of the site goes on", async () => {
  const views = project.read("books/views.ts");
  const failing = views.replace("export async function api()", "export async function api_()");
  expect(failing).not.toBe(views);
  const thrown = 'export async function api(): Promise<JsonResponse> {\n  throw new Error("<i>out of tea</i>");\n}\n';
  project.write("books/views.ts", `${failing}\n${thrown}`);
  try {
    await using site = await project.runserver();
    await using browser = await openBrowser();
    const page = await browser.newPage();
    expect((await page.goto(`${site.url}/api/books/`))?.status()).toBe(500);
    // biome-ignore lint/performance/useDomNodeTextContent: what a reader sees, not what is hidden
    const shown = await page.locator("body").innerText();
    expect(shown).toContain("<i>out of tea</i>");
    expect(shown).toContain("books/views.ts");
    await site.server.printed(/out of tea/);
    expect((await page.goto(`${site.url}/`))?.status()).toBe(200);
  } finally {
    project.write("books/views.ts", views);
  }
});

test("a save that breaks off a running loop of requests loses none", async () => {
  await using site = await project.runserver();
  await eventually(`${site.url}/`, (_text, response) => response.ok);
  const views = project.read("books/views.ts");
  const statuses: number[] = [];
  const until = Date.now() + 3000;
  project.write("books/views.ts", `${views}// saved\n`);
  while (Date.now() < until) statuses.push((await fetch(`${site.url}/`)).status);
  await site.server.printed(/views\.ts changed/);
  expect(statuses.length).toBeGreaterThan(1);
  expect(new Set(statuses)).toEqual(new Set([200]));
});
