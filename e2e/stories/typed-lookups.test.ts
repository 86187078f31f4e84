import { afterAll, beforeAll, expect, test } from "vitest";
import { Project } from "../helpers/project.ts";

let project: Project;
beforeAll(async () => {
  project = await Project.example();
});
afterAll(() => project?.[Symbol.dispose]());

test.each([
  ["a lookup", 'await Book.objects.filter({ author__nme__icontains: "aus" });', 'NoSuchField<"nme">'],
  ["a lookup's value", 'await Book.objects.filter({ year__gt: "1900" });', "string"],
  ["a field to order by", 'await Book.objects.orderBy("titel");', "titel"],
  ["a column of an instance", "(await Book.objects.get({ id: 1 })).titel;", "titel"],
  ["the name of a URL", 'reverse("books:bok", { params: { id: 1 } });', "bok"],
])("tsc refuses %s that does not exist", async (_name, statement, shown) => {
  const imports =
    'import { reverse } from "tsjango/urls";\nimport { Book } from "../books/models.ts";\nvoid reverse;\nvoid Book;\n';
  project.write("mysite/mistyped.ts", `${imports}${statement}\n`);
  const { code, output } = await project.run(["npx", "tsc"]);
  expect(code, output).not.toBe(0);
  expect(output).toMatch(/mysite\/mistyped\.ts\(5,\d+\)/);
  expect(output).toContain(shown);
});

test("the same, typed right, passes", async () => {
  const imports = 'import { reverse } from "tsjango/urls";\nimport { Book } from "../books/models.ts";\n';
  const statements = `
await Book.objects.filter({ author__name__icontains: "aus", year__gt: 1900 }).orderBy("-title");
(await Book.objects.get({ id: 1 })).title satisfies string;
reverse("books:book", { id: 1 }) satisfies string;
`;
  project.write("mysite/mistyped.ts", imports + statements);
  expect(await project.run(["npx", "tsc"])).toMatchObject({ code: 0 });
});
