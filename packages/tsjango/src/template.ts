export * from "@tsjango/core/template";
