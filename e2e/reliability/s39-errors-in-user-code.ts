import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DevServer } from "./support/dev-server.ts";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";

interface Mistake {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** What the page and the terminal tell. */
  readonly told: RegExp;
  /** The place, where the error has one in the project. */
  readonly place?: RegExp;
}

const VIEWS = 'import { setTimeout } from "node:timers/promises";';
const MISTAKES: Readonly<Record<string, Mistake>> = {
  "a syntax error": {
    file: "mysite/views.ts",
    from: "export function home()",
    to: "const broken = <b>(;\nexport function home()",
    told: /SyntaxError/,
    place: /mysite\/views\.ts, line 5</,
  },
  "an import that throws": {
    file: "mysite/views.ts",
    from: VIEWS,
    to: `${VIEWS}\nthrow new Error("<i>out of tea</i>");`,
    told: /out of tea/,
    place: /mysite\/views\.ts, line 2</,
  },
  "a module that is not there": {
    file: "mysite/views.ts",
    from: VIEWS,
    to: `${VIEWS}\nimport "./nowhere.ts";`,
    told: /nowhere\.ts/,
    place: /mysite\/views\.ts, line 2</,
  },
  "TypeScript that needs compiling": {
    file: "mysite/views.ts",
    from: VIEWS,
    to: `${VIEWS}\nexport enum Colour { red }`,
    told: /enum/,
    place: /mysite\/views\.ts/,
  },
  "a wrong setting": {
    file: "mysite/settings.ts",
    from: "debug: true,",
    to: "debug: true, debgu: 1,",
    told: /Did you mean (?:&quot;|")debug(?:&quot;|")/,
  },
  "a view that is none": {
    file: "mysite/urls.ts",
    from: 'path("", home,',
    to: 'path("", 42 as never,',
    told: /takes a view function/,
    place: /mysite\/urls\.ts, line \d+</,
  },
};

/** Mistakes in the project's files: the server stays, page and terminal name file and line, the next save recovers. */
export default async function errorsInUserCode(form: "long" | "short"): Promise<Measured> {
  return await within(DevServer.start(), async (server) => {
    const { pid } = server.running.child;
    const times: number[] = [];
    const all = Object.entries(MISTAKES);
    for (const [name, { file, from, to, told, place }] of form === "long"
      ? [...all, ...all, ...all]
      : all.slice(0, 3)) {
      const path = join(server.site.directory, file);
      const good = readFileSync(path, "utf8");
      const printed = server.running.stderr.length;
      await server.site.edit(file, from, to);
      const page = await server.until("/", ({ status }) => status === 500);
      expectThat(told.test(page.text), `${name}: the page tells ${page.text}`);
      expectThat(place?.test(page.text) ?? true, `${name}: the page names no place: ${page.text}`);
      expectThat(!/<[bi]>/.test(page.text), `${name}: the page does not escape what it shows`);
      const terminal = server.running.stderr.slice(printed);
      expectThat(told.test(terminal), `${name}: the terminal tells ${terminal}`);
      expectThat(place === undefined || terminal.includes(file), `${name}: the terminal names no file: ${terminal}`);
      // Nobody corrects a mistake in less.
      if (form === "long") await sleep(1500);
      await server.site.write(file, good);
      const recovered = await server.until("/", ({ status }) => status === 200);
      expectThat(recovered.text === "first version", `${name}: recovered to ${recovered.text}`);
      times.push(recovered.milliseconds);
    }
    expectThat(server.running.child.exitCode === null && server.running.child.pid === pid, "the server has ended");
    times.sort((a, b) => a - b);
    const [middle, most] = [times[times.length >> 1] as number, times.at(-1) as number];
    expectThat(middle < (form === "long" ? 1000 : 10_000), `recovered after ${Math.round(middle)} ms`);
    return {
      figure: `${times.length} mistakes of ${all.length} kinds; recovered ${Math.round(middle)} ms after the save, ${Math.round(most)} ms at most`,
    };
  });
}
