// The tools live outside of the checkout; see dev/suite_tools/node.py.
import { createRequire } from "node:module";

const home = process.env.SUITE_NODE_HOME ?? new URL("./dev/", import.meta.url).pathname;
const require = createRequire(`${home}/package.json`);

export default {
    plugins: [require.resolve("@prettier/plugin-xml")],
    printWidth: 100,
    tabWidth: 4,
    trailingComma: "es5",
    xmlWhitespaceSensitivity: "preserve",
    overrides: [
        {
            files: ["*.json", "*.yml", "*.yaml", "*.scss", "*.css"],
            options: { tabWidth: 2 },
        },
    ],
};
