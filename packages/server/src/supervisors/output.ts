/** Goes on where what is written is read no more, as after `serve | head -1`. */
export function surviveClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    // Commands end with their reader; this one has more to do.
    stream.removeAllListeners("error");
    stream.on("error", () => undefined);
  }
}
