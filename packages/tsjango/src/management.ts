export * from "@tsjango/kernel/management";
