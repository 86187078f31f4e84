import "@tsjango/cli/test/setup";
