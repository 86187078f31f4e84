export * from "@tsjango/kernel/exceptions";
