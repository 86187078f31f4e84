import { asyncToSync, asyncUnsafe, syncToAsync } from "@tsjango/kernel/async";

const add = syncToAsync((a: number, b: number) => a + b);
const sum: Promise<number> = add(1, 2);
// @ts-expect-error an argument is missing
add(1);
// @ts-expect-error its result is a promise
const plain: number = add(1, 2);

/** Type parameters are kept. */
const first = syncToAsync(<T>(items: readonly T[]) => items[0]);
const text: Promise<string | undefined> = first(["a"]);

/** So is the type of `this`. */
const counter = {
  start: 1,
  add: syncToAsync(function add(this: { start: number }, n: number) {
    return this.start + n;
  }),
};
const counted: Promise<number> = counter.add(2);

syncToAsync(() => 1, { threadSensitive: false });
// @ts-expect-error no such option
syncToAsync(() => 1, { threadSensitiv: false });
// @ts-expect-error it is async already
syncToAsync(async () => 1);
// @ts-expect-error not a function
syncToAsync(3);

const wrap = syncToAsync({ threadSensitive: true });
const wrapped: Promise<string> = wrap((n: number) => String(n))(3);

const hash = syncToAsync(
  import.meta.url,
  function hash(_words: string, bytes: Uint8Array<ArrayBuffer>) {
    return bytes;
  },
  {
    transfer: (_words, bytes) => [bytes.buffer],
    transferResult: (bytes) => [bytes.buffer],
  },
);
const hashed: Promise<Uint8Array> = hash("x", new Uint8Array(1));
// @ts-expect-error it is async already
syncToAsync(import.meta.url, async function named() {
  return 1;
});
syncToAsync(
  import.meta.url,
  function other(n: number) {
    return n;
  },
  // @ts-expect-error what is transferred is an array buffer, a port, a stream
  { transfer: (n) => [n] },
);

export class Report {
  total = 1;
  @syncToAsync
  build(factor: number) {
    return this.total * factor;
  }
  @syncToAsync({ threadSensitive: false })
  print(): number | Promise<number> {
    return this.total;
  }
  @asyncUnsafe("Read the table instead.")
  read() {
    return "read";
  }
  @asyncUnsafe
  scan(): number {
    return 1;
  }
}

const unsafe: (path: string) => number = asyncUnsafe((path: string) => path.length, "Await it.");
// @ts-expect-error not a function
asyncUnsafe(3);

const sync = asyncToSync(import.meta.url, async function later(n: number) {
  return String(n);
});
const result: string = sync(3);
// @ts-expect-error it is not async
asyncToSync(() => 1);

export default [sum, plain, text, counted, wrapped, hashed, unsafe, result];
