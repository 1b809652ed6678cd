// The tools live outside of the checkout; see dev/suite_tools/node.py.
import { createRequire } from "node:module";

const home = process.env.SUITE_NODE_HOME ?? new URL("./dev/", import.meta.url).pathname;
const require = createRequire(`${home}/package.json`);
const js = require("@eslint/js");
const globals = require("globals");
const jsdocModule = require("eslint-plugin-jsdoc");
const jsdoc = jsdocModule.default ?? jsdocModule;

export default [
    js.configs.recommended,
    {
        plugins: { jsdoc },
        linterOptions: { reportUnusedDisableDirectives: "error" },
        languageOptions: {
            ecmaVersion: 2024,
            sourceType: "module",
            globals: { ...globals.browser, luxon: "readonly", odoo: "readonly" },
        },
        rules: {
            complexity: ["error", 10],
            curly: "error",
            eqeqeq: "error",
            "max-lines": ["error", 300],
            "max-lines-per-function": ["error", { max: 60, skipComments: true }],
            "no-alert": "error",
            "no-console": "error",
            "no-else-return": "error",
            "no-eval": "error",
            "no-implied-eval": "error",
            "no-param-reassign": "error",
            "no-restricted-properties": [
                "error",
                { property: "innerHTML", message: "Render a template; text stays text." },
            ],
            "no-shadow": "error",
            "no-unused-vars": ["error", { args: "after-used" }],
            "no-var": "error",
            "object-shorthand": "error",
            "prefer-const": "error",
            "prefer-template": "error",
            "jsdoc/check-param-names": "error",
            "jsdoc/check-tag-names": "error",
            "jsdoc/check-types": "error",
        },
    },
    {
        files: ["**/static/tests/**/*.js"],
        rules: { "max-lines-per-function": "off" },
    },
    {
        files: ["*.config.mjs"],
        languageOptions: { globals: globals.node },
    },
];
