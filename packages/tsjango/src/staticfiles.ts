export * from "@tsjango/core/staticfiles";
