import tsjango from "tsjango/test/config";
import { defineConfig } from "vitest/config";

export default defineConfig({ plugins: [tsjango({ repeatedQueries: 5 })] });
