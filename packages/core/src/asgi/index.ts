export { type FetchBridgeOptions, toFetch } from "./fetch-bridge.ts";
export { type FetchHandler, fromFetch } from "./from-fetch.ts";
export { fromNodeListener, type NodeListener } from "./from-node-listener.ts";
export { mount } from "./mount.ts";
export { handleNodeRequest, type NodeBridgeOptions, toNodeListener } from "./node-bridge.ts";
export type * from "./types.ts";
