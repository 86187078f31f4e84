import { describe } from "vitest";
import { fiveMinutes } from "./five-minutes.ts";

// npm 11 is also met on an old Node.
describe("five minutes with npm 11.21.2 on the system's Node", () => fiveMinutes({ npm: "11.21.2", node: "system" }));
