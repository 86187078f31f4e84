export * from "@tsjango/kernel/apps";
