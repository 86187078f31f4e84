export * from "@tsjango/kernel/async";
