/** Calls `stop` on the first SIGINT or SIGTERM and `force` on the next; returns what ends the listening. */
export function onStopSignals(stop: () => void, force: () => void): () => void {
  let asked = false;
  const listener = () => {
    if (asked) return force();
    asked = true;
    stop();
  };
  process.on("SIGINT", listener);
  process.on("SIGTERM", listener);
  return () => {
    process.off("SIGINT", listener);
    process.off("SIGTERM", listener);
  };
}
