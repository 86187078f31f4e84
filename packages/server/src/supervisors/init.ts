import { existsSync } from "node:fs";

const SHELL = "/bin/sh";
/** Tells the process behind it that a container ends with it. */
export const BEHIND_INIT = "TSJANGO_SERVE_BEHIND_INIT";

/** Passes signals on, collects whatever ends, and ends as the server does; `wait` returns early at a signal. */
const SCRIPT = `
"$@" &
child=$!
for signal in TERM INT QUIT HUP USR1 USR2 TTIN TTOU; do trap "kill -$signal $child 2>/dev/null" "$signal"; done
while wait "$child"; code=$?; kill -0 "$child" 2>/dev/null; do :; done
exit "$code"
`;

/**
 * As a container's first process, leaves that place to a shell and goes on as its child: orphans of the container become
 * children of its first process, and Node collects only those that it started. Elsewhere, and without a shell, nothing.
 */
export function standBehindInit(): void {
  if (process.pid !== 1 || process.platform !== "linux" || !existsSync(SHELL)) return;
  const words = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  process.execve?.(SHELL, ["sh", "-c", SCRIPT, "tsjango", ...words], { ...process.env, [BEHIND_INIT]: "1" });
}
