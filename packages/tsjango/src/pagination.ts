export * from "@tsjango/core/pagination";
