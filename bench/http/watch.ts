import { compare } from "../harness.ts";
import { CASES } from "./cases.ts";
import { load } from "./load.ts";

// What the watch of the event loop costs where nothing holds it up: the same site with and without.
const [plain] = CASES;
if (plain !== undefined) {
  await compare({
    title: `the watch of the event loop, ${plain.title} over HTTP`,
    count: 8000,
    rounds: Number(process.env["ROUNDS"] ?? 20),
    load: (url, count) => load(url, count, plain),
    contenders: {
      "without the watch": new URL("tsjango-unwatched.ts", import.meta.url),
      "with the watch": new URL("tsjango.ts", import.meta.url),
    },
  });
}
