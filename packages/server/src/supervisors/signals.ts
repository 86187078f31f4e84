/** What a supervisor's signals mean. Source: https://docs.gunicorn.org/en/stable/signals.html */
export interface SignalActions {
  /** SIGTERM: requests may finish. */
  drain(): void;
  /** SIGINT, SIGQUIT: requests are cut. */
  stop(): void;
  /** Any of these again: at once. */
  force(): void;
  reload(): void;
  more(): void;
  fewer(): void;
  reopenLogs(): void;
  handOver(): void;
}

/** Has signals call the actions; returns what ends that. */
export function onSignals(actions: SignalActions): () => void {
  let ending = false;
  const end = (first: () => void) => () => {
    if (ending) return actions.force();
    ending = true;
    first();
  };
  const listeners: Partial<Record<NodeJS.Signals, () => void>> = {
    SIGTERM: end(actions.drain),
    SIGINT: end(actions.stop),
    // A service manager of Windows stops processes by it, as Ctrl-Break does.
    ...(process.platform === "win32" && { SIGBREAK: end(actions.stop) }),
    ...(process.platform !== "win32" && {
      SIGQUIT: end(actions.stop),
      SIGHUP: actions.reload,
      SIGTTIN: actions.more,
      SIGTTOU: actions.fewer,
      SIGUSR1: actions.reopenLogs,
      SIGUSR2: actions.handOver,
    }),
  };
  const entries = Object.entries(listeners) as [NodeJS.Signals, () => void][];
  for (const [signal, listener] of entries) process.on(signal, listener);
  return () => {
    for (const [signal, listener] of entries) process.off(signal, listener);
  };
}
