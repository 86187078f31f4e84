import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Database from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";

const KILLS = 5;

test("a process that is killed in the middle of transactions leaves whole ones only", { timeout: 30_000 }, async () => {
  const directory = mkdtempSync(join(tmpdir(), "tsjango-kill-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, "bank.sqlite3");
  let moved = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const bank = spawn(process.execPath, ["--conditions=@tsjango/source", join(import.meta.dirname, "bank.ts"), file], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(bank, "exit");
    await Promise.race([once(bank.stdout, "data"), ended]);
    await sleep(Math.random() * 30);
    expect(bank.kill("SIGKILL")).toBe(true);
    await ended;
    const database = new Database(file);
    const [total, entries, sum] = database
      .prepare(
        "select (select sum(amount) from account), (select count(*) from entry), (select sum(amount) from entry)",
      )
      .raw()
      .get() as [number, number, number];
    database.close();
    expect([total, entries % 2, sum]).toEqual([1000, 0, 0]);
    expect(entries).toBeGreaterThan(moved);
    moved = entries;
  }
});
