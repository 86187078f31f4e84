import { connections, Sum } from "@tsjango/orm";
import { Child } from "./children.ts";
import { ACCOUNTS, Account, CENTS, Entry } from "./database-site.ts";
import { expectThat } from "./scenario.ts";

/** Throws unless the money is all there, and all that was acknowledged. */
export async function checkMoney(acknowledged: readonly string[]): Promise<void> {
  const { cents } = await Account.objects.aggregate({ cents: Sum("cents") });
  expectThat(cents === ACCOUNTS * CENTS, `the accounts hold ${cents}, not ${ACCOUNTS * CENTS}`);
  const there = new Set(await Entry.objects.valuesList("key", { flat: true }));
  const lost = acknowledged.filter((key) => !there.has(key));
  expectThat(lost.length === 0, `${lost.length} of ${acknowledged.length} acknowledged transactions are lost`);
}

/** Kills processes in the middle of transactions, two at work at any time, then looks at the database. */
export async function killInTransactions(url: string, kills: number): Promise<{ acknowledged: number }> {
  const acknowledged: string[] = [];
  let killed = 0;
  const victims = async () => {
    while (killed < kills) {
      killed++;
      const child = new Child("transfers", url);
      await child.started();
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 200));
      await child.kill();
      // A line that was cut off is not one.
      acknowledged.push(...child.lines.filter((line) => line.length === 36));
    }
  };
  await Promise.all([victims(), victims()]);
  await connections.closeAll();
  await checkMoney(acknowledged);
  return { acknowledged: acknowledged.length };
}
