import { LoadedSite } from "../../packages/server/tests/support/load.ts";

// The long form of packages/server/tests/load.test.ts: `npm run test:slow`. Exits with 1 where a figure is beyond its limit.
const MB = 1024 * 1024;
const GB = 1024 * MB;
const problems: string[] = [];

function report(what: string, figure: string, good: boolean): void {
  console.log(`${good ? "ok  " : "FAIL"} ${what}: ${figure}`);
  if (!good) problems.push(what);
}

const mb = (bytes: number) => `${(bytes / MB).toFixed(1)} MB`;

{
  await using site = await LoadedSite.start(GB);
  const before = (await site.holding()).rss;
  for (const form of [false, true]) {
    const { whole, peak, left } = await site.upload(GB, form);
    const what = `1 GB uploaded ${form ? "in a form, to disk" : "as a stream"}`;
    report(
      what,
      `memory +${mb(peak - before)}, left on disk: ${left.length}`,
      whole && left.length === 0 && peak - before < 100 * MB,
    );
  }
  const { received, peak } = await site.download(20_000, GB);
  report("1 GB downloaded in 20 s", `memory +${mb(peak - before)}`, received > GB && peak - before < 100 * MB);
}
{
  await using site = await LoadedSite.start(20 * MB);
  await site.leave(1000);
  const settled = async (handles: number) => {
    let holding = await site.holding();
    for (let round = 0; round < 100 && (holding.views > 0 || holding.handles > handles); round++) {
      holding = await site.holding();
    }
    return holding;
  };
  const before = await settled(0);
  await site.leave(10_000);
  const after = await settled(before.handles);
  const change = `views ${after.views}, handles ${before.handles} → ${after.handles}, files ${before.files} → ${after.files}, heap ${mb(before.heap)} → ${mb(after.heap)}`;
  const good =
    after.views === 0 &&
    after.handles <= before.handles &&
    after.files <= before.files &&
    after.heap - before.heap < 2 * MB;
  report("10,000 clients that leave", change, good);
}
{
  await using site = await LoadedSite.start(MB);
  const [dripping, large] = await Promise.all([site.drip(), site.upload(200 * MB, false)]);
  const good = dripping.line.startsWith("HTTP/1.1 408 ") && dripping.seconds < 20 && large.whole;
  report("a body of a byte a second", `"${dripping.line}" after ${dripping.seconds.toFixed(1)} s`, good);
}
process.exitCode = problems.length === 0 ? 0 : 1;
