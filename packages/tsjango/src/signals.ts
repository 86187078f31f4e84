export * from "@tsjango/kernel/signals";
