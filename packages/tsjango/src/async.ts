export * from "@tsjango/kernel/async";
export { type BlockReport, blockReports, onBlocked } from "@tsjango/kernel/watch";
