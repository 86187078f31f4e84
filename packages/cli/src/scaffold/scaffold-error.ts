/** Nothing was made, or not all of it; the message says why. It needs no other package, so an old Node can throw it. */
export class ScaffoldError extends Error {
  readonly exitCode: number;
  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
  override get name(): string {
    return "ScaffoldError";
  }
}
