/** What a supervisor's signals mean. Source: https://docs.gunicorn.org/en/stable/signals.html */
export interface SignalActions {
  /** SIGTERM: requests may finish. */
  drain(signal: NodeJS.Signals): void;
  /** SIGINT, SIGQUIT: requests are cut. */
  stop(signal: NodeJS.Signals): void;
  /** Any of these again: at once. */
  force(signal: NodeJS.Signals): void;
  reload(): void;
  more(): void;
  fewer(): void;
  reopenLogs(): void;
  handOver(): void;
}

/**
 * Has signals call the actions, until the process ends: one that came after its last worker has ended would otherwise kill
 * it, and a server that ended in order would seem to have failed.
 */
export function onSignals(actions: SignalActions): void {
  let ending = false;
  const end = (first: (signal: NodeJS.Signals) => void) => (signal: NodeJS.Signals) => {
    if (ending) return actions.force(signal);
    ending = true;
    first(signal);
  };
  const listeners: Partial<Record<NodeJS.Signals, (signal: NodeJS.Signals) => void>> = {
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
  for (const [signal, listener] of Object.entries(listeners)) process.on(signal as NodeJS.Signals, listener);
}
