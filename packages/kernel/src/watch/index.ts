export { type EventLoopWatch, type WatchOptions, watchEventLoop } from "./event-loop.ts";
export { type BlockReport, blockReports, clearBlockReports, onBlocked, readableStack } from "./report.ts";
export { type Stretch, type StretchOptions, watchStretches } from "./stretches.ts";
