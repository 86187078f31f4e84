export { type FetchBridgeOptions, toFetch } from "./fetch-bridge.ts";
export { handleNodeRequest, type NodeBridgeOptions, toNodeListener } from "./node-bridge.ts";
export type * from "./types.ts";
