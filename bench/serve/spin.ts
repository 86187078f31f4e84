/** Works for a time of the processor, as a view does that computes: other processes do not shorten it. */
export function spin(milliseconds: number): void {
  const { user, system } = process.threadCpuUsage();
  const end = user + system + milliseconds * 1000;
  for (;;) {
    const now = process.threadCpuUsage();
    if (now.user + now.system >= end) return;
  }
}

export const ANSWER = "done";
