// SPDX-License-Identifier: Apache-2.0
// Every page, light and dark, narrow and wide, in both languages.
import assert from "node:assert/strict";
import { fits, look, withPage } from "./browser.mjs";

const pages = [
    ["/"], ["/machines"], ["/machines?q=cbp&category=server&warranty=0&sort=acquired&order=desc"],
    ["/machines?q=nothing"], ["/machines/cbp-compute-a"], ["/machines/cbp-screens"], ["/reports"],
    ["/energy"], ["/reports/2025"], ["/reports/2026"], ["/factors"], ["/factors?set=boavizta-2021"],
    ["/factors?set=cpu-spec"], ["/nope", 404], ["/machines/nobody", 404], ["/machines?sort=price", 400],
];

// One load a language: English wide and light, French narrow and dark, each
// also with the other's width.
const looks = [
    { locale: "en-GB", width: 1280, scheme: "light", also: 320 },
    { locale: "fr-FR", width: 320, scheme: "dark", also: 1280 },
];

function one(path, status, server) {
    return async function (world) {
        for (const { locale, width, scheme, also } of looks)
            await withPage(world.browser, world[server].base + path, { locale, status }, async (page) => {
                assert.equal(await page.locator("html").getAttribute("lang"), locale.slice(0, 2));
                assert.equal(await page.locator("h1").count(), 1);
                await look(page, width, scheme);
                await fits(page, also);
            });
    };
}

export default [
    ...pages.map(([path, status]) => ["page " + path, one(path, status, "site")]),
    ["page / without machines", one("/", 200, "empty")],
    ["page /machines without machines", one("/machines", 200, "empty")],
    ["page /reports/2025 without machines", one("/reports/2025", 200, "empty")],
    ["page /machines of long words", one("/machines", 200, "long")],
    ["page of a machine of long words", one("/machines/a" + "W".repeat(60), 200, "long")],
    ["page /machines?q= of a long word", one("/machines?q=" + "M".repeat(300), 200, "long")],
    ["page of a long address", one("/" + "W".repeat(400), 404, "long")],
];
