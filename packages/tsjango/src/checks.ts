export * from "@tsjango/kernel/checks";
