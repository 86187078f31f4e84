import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { openBrowser } from "../e2e/helpers/browser.ts";
import { projectFiles } from "../packages/cli/src/scaffold/project-files.ts";

/** `npm run screenshots`: the error pages of development, as a browser shows them, into docs/images/. */
const root = resolve(import.meta.dirname, "..");
const directory = mkdtempSync(join(tmpdir(), "tsjango-screenshots-"));
const images = join(root, "docs/images");

const VIEWS = `import { HttpResponse } from "tsjango/http";
import { render } from "tsjango/shortcuts";

export async function pay() {
  const order = { id: 17, total: undefined };
  return new HttpResponse(receipt(order));
}

function receipt(order: { id: number; total?: { amount: string } | undefined }): string {
  try {
    return order.total!.amount;
  } catch (cause) {
    throw new Error(\`The receipt of order \${order.id} cannot be written\`, { cause });
  }
}

export const broken = (request: never) => render(request, "broken.html");
`;

const URLS = `import { path, urls } from "tsjango/urls";
import { broken, pay } from "./views.ts";

export const urlpatterns = urls(path("orders/pay/", pay, { name: "pay" }), path("broken/", broken, { name: "broken" }));
`;

function makeProject(): void {
  const files = projectFiles({ name: "mysite", example: false, nodeVersion: process.versions.node });
  files.set("mysite/views.ts", VIEWS);
  files.set("mysite/urls.ts", URLS);
  const settings = files.get("mysite/settings.ts") as string;
  files.set(
    "mysite/settings.ts",
    settings.replace("rootUrlconf:", 'templates: { dirs: ["templates"] },\n  rootUrlconf:'),
  );
  files.set(
    "templates/broken.html",
    "<h1>Orders</h1>\n<ul>\n  {% for order in orders %}\n    <li>{{ order.total|curency }}</li>\n  {% endfor %}\n</ul>\n",
  );
  for (const [path, text] of files) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  symlinkSync(join(root, "node_modules"), join(directory, "node_modules"));
}

makeProject();
mkdirSync(images, { recursive: true });
const words = [
  "--conditions=@tsjango/source",
  join(root, "packages/tsjango/bin/tsjango.js"),
  "runserver",
  "127.0.0.1:0",
];
const server = spawn(process.execPath, words, { cwd: directory, stdio: ["ignore", "pipe", "inherit"] });
try {
  const url = await new Promise<string>((found) => {
    let said = "";
    server.stdout.on("data", (data) => {
      said += String(data);
      const match = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (match !== null) found(match[0]);
    });
  });
  const browser = await openBrowser();
  const page = await browser.newPage({ viewport: { width: 1100, height: 820 } });
  for (const [name, path, title] of [
    ["error-page", "/orders/pay/?card=visa", "Error at /orders/pay/"],
    ["template-error", "/broken/", "TemplateError at /broken/"],
    ["not-found", "/orders/", "Page not found at /orders/"],
  ] as const) {
    await page.goto(url + path);
    if ((await page.title()) !== title) throw new Error(`${path} shows ${await page.title()}, not ${title}`);
    await page.screenshot({ path: join(images, `${name}.png`) });
  }
  await browser.close();
} finally {
  server.kill();
  rmSync(directory, { recursive: true, force: true });
}
