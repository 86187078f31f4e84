import type { Contender } from "../harness.ts";
import { serve } from "./tsjango.ts";

export function start(): Promise<Contender> {
  return serve(2);
}
