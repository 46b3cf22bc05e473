// Format of JavaScript as in Odoo's own web/tooling, of XML as Odoo's community has it.
import xml from "@prettier/plugin-xml";

export default {
    tabWidth: 4,
    printWidth: 100,
    semi: true,
    singleQuote: false,
    trailingComma: "es5",
    plugins: [xml],
    xmlWhitespaceSensitivity: "preserve",
    overrides: [{ files: "*.xml", options: { printWidth: 88, proseWrap: "always" } }],
};
