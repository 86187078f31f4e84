import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { alive, get, Running, Site, TERMINAL } from "../support/site.ts";
import { use } from "../support/use.ts";

class Terminal extends Running {
  constructor(site: Site) {
    super(site.directory, ["runserver", "127.0.0.1:0"], { BROWSER: join(site.directory, "browser") }, TERMINAL);
  }

  type(keys: string): void {
    this.child.stdin?.write(keys);
  }

  /** What is shown from now on until it matches. */
  async shows(pattern: RegExp, act: () => void): Promise<string> {
    const from = this.stdout.length;
    act();
    return this.until(() => pattern.exec(this.stdout.slice(from))?.[0], 30_000);
  }
}

describe.skipIf(process.platform === "win32")("runserver on a terminal", { timeout: 120_000 }, () => {
  test("has keys, lends the terminal to other commands, and quits", async () => {
    const site = use(await Site.make());
    await site.write("browser", '#!/bin/sh\necho "$1" > .opened\n');
    await chmod(join(site.directory, "browser"), 0o755);
    const terminal = use(new Terminal(site));
    const url = await terminal.url();
    const pid = async () => (await get(`${url}pid/`)).text;
    const first = await pid();
    await terminal.until(() => terminal.stdout.includes("Quit with q or Ctrl-C; h lists the keys."));
    await terminal.until(() => terminal.stdout.includes("You have 1 unapplied migration(s)."));

    expect(await terminal.shows(/ {2}h {2}this list/, () => terminal.type("h"))).toBeTruthy();
    for (const line of ["r  restart", "o  open", "u  list the URLs", "m  apply migrations", "s  shell", "q  quit"]) {
      expect(terminal.stdout).toContain(`  ${line}`);
    }
    await terminal.shows(/upload\/.*upload/, () => terminal.type("u"));
    await terminal.shows(/Restarting\./, () => terminal.type("r"));
    await terminal.until(async () => (await pid()) !== first);
    terminal.type("o");
    await terminal.until(() =>
      readFile(join(site.directory, ".opened"), "utf8").then(
        (text) => text === `${url}\n`,
        () => false,
      ),
    );

    expect(terminal.stdout).not.toContain("\no");
    // The shell has the keys, and Ctrl-C, which clears its line; the server stays.
    await terminal.shows(/> /, () => terminal.type("s"));
    await terminal.shows(/42/, () => terminal.type("6 * 7\r"));
    terminal.type("q\u0003");
    expect(await pid()).not.toBe(first);
    await terminal.shows(/ {2}h {2}this list/, () => {
      terminal.type(".exit\r");
      setTimeout(() => terminal.type("h"), 3_000);
    });
    const last = Number(await pid());
    terminal.type("q");
    expect((await terminal.exit).code).toBe(0);
    expect(alive(last)).toBe(false);
  });

  test("ends with Ctrl-C", async () => {
    const terminal = use(new Terminal(use(await Site.make())));
    await terminal.until(() => terminal.stdout.includes("h lists the keys"), 30_000);
    terminal.type("\u0003");
    expect((await terminal.exit).code).toBe(0);
  });
});
