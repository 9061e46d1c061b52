import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here("./frontend"),
  // relative, so that the files work below any STATIC_URL
  base: "./",
  resolve: { alias: { "@fonts": here("./node_modules/@fontsource") } },
  css: { preprocessorOptions: { scss: { loadPaths: [here("./node_modules")], quietDeps: true } } },
  build: {
    outDir: here("./haicap/ui/static/ui/build"),
    emptyOutDir: true,
    manifest: "manifest.json",
    assetsDir: ".",
    // data: addresses are refused by the content security policy
    assetsInlineLimit: 0,
    modulePreload: false,
    target: "es2022",
    rollupOptions: { input: { main: here("./frontend/src/main.ts"), grid: here("./frontend/src/grid.ts") } },
  },
});
