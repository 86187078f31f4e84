import { describe, expect, test } from "vitest";
import { addInstalledApp, blankOut } from "../../src/scaffold/add-installed-app.ts";

const settings = (apps: string, head = 'import { defineSettings } from "tsjango/conf";\n') =>
  `${head}\nexport default defineSettings({\n  installedApps: [${apps}],\n  debug: true,\n});\n`;
const added = (apps: string, head?: string) => addInstalledApp(settings(apps, head), "blog", "../blog/app.ts");
const IMPORTED = 'import { defineSettings } from "tsjango/conf";\nimport blog from "../blog/app.ts";\n';

describe("addInstalledApp", () => {
  test.for([
    ["", "blog"],
    ["shop", "shop, blog"],
    ["shop,", "shop, blog"],
    ["shop, news", "shop, news, blog"],
    ["\n    shop,\n    news,\n  ", "\n    shop,\n    news,\n    blog,\n  "],
    ["\n    shop,\n    news\n  ", "\n    shop,\n    news,\n    blog,\n  "],
    ["\n    shop, // the shop\n  ", "\n    shop, // the shop\n    blog,\n  "],
    ["\n    shop // the shop, [old]\n  ", "\n    shop, // the shop, [old]\n    blog,\n  "],
  ] as const)("turns [%s] into [%s]", ([before, after]) => {
    expect(added(before)).toBe(settings(after, IMPORTED));
  });
  test("puts the import after the last one, also one of several lines", () => {
    const head =
      'import {\n  defineSettings,\n} from "tsjango/conf";\nimport shop from "../shop/app.ts"; // the shop\n';
    expect(added("shop", head)).toContain(
      'import shop from "../shop/app.ts";\nimport blog from "../blog/app.ts"; // the shop',
    );
  });
  test.for([
    ["apps from elsewhere", settings("").replace("[]", "apps")],
    ["a spread array", settings("...(debug ? [toolbar] : [])")],
    ["a call", settings("shop({ a: 1 })")],
    ["two of them", settings("") + settings("")],
    ["none", 'import x from "x";\nexport default x;\n'],
    ["only in a comment", 'import x from "x";\n// installedApps: []\nexport default x;\n'],
    ["no import", settings("", "")],
    ["the name taken", settings("", 'import { defineSettings } from "tsjango/conf";\nconst blog = 1;\n')],
  ] as const)("leaves a module of another shape alone: %s", ([, source]) => {
    expect(addInstalledApp(source, "blog", "../blog/app.ts")).toBeUndefined();
  });
  test("is not misled by comments and strings", () => {
    const source = settings("shop").replace("  debug", '  // installedApps: [x]\n  name: "installedApps: [",\n  debug');
    expect(addInstalledApp(source, "blog", "../blog/app.ts")).toContain("installedApps: [shop, blog]");
  });
});

test("blankOut keeps positions and lines", () => {
  const source = "a /* b\n */ 'c\\'d' `e\n$f` \"g\" // h\ni";
  const code = blankOut(source);
  expect(code.length).toBe(source.length);
  expect(code.split("\n").length).toBe(source.split("\n").length);
  expect(code.replaceAll(/\s+/g, "")).toBe("ai");
});
