export * from "@tsjango/orm/postgres";
