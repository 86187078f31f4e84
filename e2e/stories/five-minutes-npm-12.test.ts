import { describe } from "vitest";
import { fiveMinutes } from "./five-minutes.ts";

// npm 12 runs no install scripts and needs a new Node.
describe("five minutes with npm 12.2.0 on Node 26", () => fiveMinutes({ npm: "12.2.0", node: "new" }));
