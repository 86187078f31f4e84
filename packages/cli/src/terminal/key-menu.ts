import type { CommandOutput } from "@tsjango/kernel/management";

/** What a key does. */
export interface MenuKey {
  readonly key: string;
  readonly description: string;
  /** While its promise is pending, no other key counts. `release` gives the terminal to something else that reads it. */
  run(release: Release): void | Promise<void>;
}

/** Runs something that reads the terminal itself. */
export type Release = (run: () => Promise<void>) => Promise<void>;

/** The keys of a command that runs on. */
export interface KeyMenu {
  /** Whether another program has the terminal. */
  readonly released: boolean;
  /** Takes the terminal again: each process of Node that ends leaves it as it was when that process started. */
  retake(): void;
  close(): void;
}

const CTRL_C = "\u0003";
const CTRL_Z = "\u001a";

/** Reads single keys from the terminal; `h` lists them, Ctrl-C does what `q` does. */
export function openKeyMenu(keys: readonly MenuKey[], output: CommandOutput): KeyMenu {
  const input = process.stdin;
  let busy = false;
  let released = false;
  const help: MenuKey = { key: "h", description: "this list", run: () => output.log(listed([...keys, help])) };
  const raw = (on: boolean) => {
    if (input.isTTY) input.setRawMode(on);
  };
  const release: Release = async (run) => {
    input.off("data", read);
    raw(false);
    input.pause();
    released = true;
    try {
      await run();
    } finally {
      released = false;
      raw(true);
      input.on("data", read).resume();
    }
  };
  async function press(key: string): Promise<void> {
    const wanted = [...keys, help].find((each) => each.key === (key === CTRL_C ? "q" : key.toLowerCase()));
    if (wanted === undefined || (busy && wanted.key !== "q")) return;
    busy = true;
    try {
      await wanted.run(release);
    } catch (error) {
      output.error(output.style("red", (error as Error).message));
    } finally {
      busy = false;
    }
  }
  function read(data: Buffer): void {
    for (const key of data.toString("utf8")) {
      if (key === CTRL_Z && process.platform !== "win32") suspend();
      else void press(key);
    }
  }
  /** What the terminal does by itself where keys are not read one by one. */
  function suspend(): void {
    raw(false);
    process.once("SIGCONT", () => raw(true));
    process.kill(0, "SIGTSTP");
  }
  raw(true);
  input.on("data", read).resume();
  return {
    get released() {
      return released;
    },
    retake() {
      if (released) return;
      // Node sets no mode that it takes for set.
      raw(false);
      raw(true);
    },
    close() {
      input.off("data", read);
      raw(false);
      input.pause();
    },
  };
}

function listed(keys: readonly MenuKey[]): string {
  return keys.map(({ key, description }) => `  ${key}  ${description}`).join("\n");
}
