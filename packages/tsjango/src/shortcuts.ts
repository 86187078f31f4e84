export * from "@tsjango/core/shortcuts";
