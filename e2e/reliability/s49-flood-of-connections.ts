import { connect } from "node:net";
import { CrowdedSite } from "./support/crowd.ts";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";

/** As many connections at once as the first moment of a server can bring: each is served, or refused cleanly. */
export default async function flood(form: "long" | "short"): Promise<Measured> {
  const count = form === "long" ? 5_000 : 500;
  return await within(CrowdedSite.start(), async (site) => {
    const start = performance.now();
    const outcomes = await Promise.all(
      Array.from({ length: count }, () => {
        const socket = connect(site.port, "127.0.0.1");
        socket.write("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
        let text = "";
        return new Promise<string>((resolve) => {
          socket.on("data", (data) => {
            text += data;
          });
          socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "error"));
          socket.on("close", () => resolve(text.endsWith("ok") ? "served" : text === "" ? "closed" : "broken"));
        });
      }),
    );
    const seconds = (performance.now() - start) / 1000;
    const tally = new Map<string, number>();
    for (const outcome of outcomes) tally.set(outcome, (tally.get(outcome) ?? 0) + 1);
    const found = [...tally].map(([outcome, times]) => `${times} ${outcome}`).join(", ");
    expectThat(!tally.has("broken") && !tally.has("closed"), found);
    expectThat((tally.get("served") ?? 0) > count * 0.99, found);
    await site.times(20);
    return { figure: `${count} connections at once: ${found}, in ${seconds.toFixed(1)} s` };
  });
}
