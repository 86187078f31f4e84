import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const FILES = 10;

function write(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), content);
  }
}

function numbered(tests: number, name: (number: number) => string, content: (tests: number) => string) {
  const each = Math.ceil(tests / FILES);
  return Object.fromEntries(Array.from({ length: FILES }, (_, number) => [name(number), content(each)]));
}

/** A tsjango project: one model, its migration, and tests that each write a row and count. */
export function writeTsjango(directory: string, tests: number): void {
  write(directory, {
    "package.json": JSON.stringify({ type: "module", tsjango: { settings: "./settings.ts" } }),
    "settings.ts":
      'import { defineSettings } from "tsjango/conf";\nimport shop from "./shop/app.ts";\n' +
      'export default defineSettings({ baseDir: import.meta.dirname, secretKey: "x".repeat(60), installedApps: [shop], ' +
      'databases: { default: { url: "sqlite:db.sqlite3" } } });\n',
    "shop/app.ts":
      'import { defineApp } from "tsjango/apps";\n' +
      'export default defineApp({ name: "shop", models: () => import("./models.ts") });\n',
    "shop/models.ts":
      'import { fields, Model } from "tsjango/db";\n' +
      "export class Author extends Model<Author>()({ name: fields.char({ maxLength: 100 }) }) {}\n",
    ...numbered(
      tests,
      (number) => `shop/tests/t${number}.test.ts`,
      (each) =>
        'import { expect, test } from "tsjango/test";\nimport { Author } from "../models.ts";\n' +
        `for (let i = 0; i < ${each}; i++) test("t" + i, async () => {\n` +
        '  await Author.objects.create({ name: "A" });\n  expect(await Author.objects.all().count()).toBe(1);\n});\n',
    ),
  });
  symlinkSync(join(root, "node_modules"), join(directory, "node_modules"));
}

/** The same by hand: Vitest, better-sqlite3, a database for each worker, every table emptied before each test. */
export function writeByHand(directory: string, tests: number): void {
  write(directory, {
    "package.json": JSON.stringify({ type: "module" }),
    "vitest.config.ts": 'export default { test: { pool: "forks", setupFiles: ["./setup.ts"] } };\n',
    "database.ts":
      'import Database from "better-sqlite3";\n' +
      'export const database = new Database("test-" + process.env.VITEST_POOL_ID + ".sqlite3");\n' +
      'database.pragma("journal_mode = WAL");\ndatabase.pragma("synchronous = NORMAL");\n' +
      'database.exec("CREATE TABLE IF NOT EXISTS author (id integer PRIMARY KEY AUTOINCREMENT, name varchar(100) NOT NULL)");\n',
    "setup.ts":
      'import { beforeEach } from "vitest";\nimport { database } from "./database.ts";\nbeforeEach(() => {\n' +
      '  database.exec("DELETE FROM author; DELETE FROM sqlite_sequence");\n});\n',
    ...numbered(
      tests,
      (number) => `t${number}.test.ts`,
      (each) =>
        'import { expect, test } from "vitest";\nimport { database } from "./database.ts";\n' +
        `for (let i = 0; i < ${each}; i++) test("t" + i, async () => {\n` +
        '  database.prepare("INSERT INTO author (name) VALUES (?)").run("A");\n' +
        '  expect(database.prepare("SELECT count(*) AS c FROM author").get()).toEqual({ c: 1 });\n});\n',
    ),
  });
  symlinkSync(join(root, "node_modules"), join(directory, "node_modules"));
}

/** The same in Django. */
export function writeDjango(directory: string, tests: number): void {
  write(directory, {
    "settings.py":
      'SECRET_KEY = "x"\nINSTALLED_APPS = ["shop"]\nDEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"\n' +
      'DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}\n',
    "shop/__init__.py": "",
    "shop/models.py":
      "from django.db import models\n\n\nclass Author(models.Model):\n    name = models.CharField(max_length=100)\n",
    "shop/migrations/__init__.py": "",
    "shop/migrations/0001_initial.py":
      "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n    initial = True\n" +
      '    operations = [migrations.CreateModel(name="Author", fields=[("id", models.BigAutoField(primary_key=True)), ' +
      '("name", models.CharField(max_length=100))])]\n',
    "shop/tests/__init__.py": "",
    ...numbered(
      tests,
      (number) => `shop/tests/test_t${number}.py`,
      (each) =>
        "from django.test import TestCase\nfrom shop.models import Author\n\n\nclass Tests(TestCase):\n    pass\n\n\n" +
        'def one(self):\n    Author.objects.create(name="A")\n    self.assertEqual(Author.objects.count(), 1)\n\n\n' +
        `for i in range(${each}):\n    setattr(Tests, f"test_{i}", one)\n`,
    ),
  });
}
