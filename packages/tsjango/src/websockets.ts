export * from "@tsjango/core/websockets";
