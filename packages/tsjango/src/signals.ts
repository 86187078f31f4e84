export * from "@tsjango/core/signals";
export * from "@tsjango/kernel/signals";
