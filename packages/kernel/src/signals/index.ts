export { type Outcome, type Receiver, Signal } from "./signal.ts";
