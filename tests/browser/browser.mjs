// SPDX-License-Identifier: Apache-2.0
// Pages that note what goes wrong in them, and what is checked on each.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

export function launch() {
    return chromium.launch({
        executablePath: process.env.CHROMIUM,
        args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });
}

// Opens address in a context of its own, gives the page to `use`, closes it.
// After that nothing may have been logged as an error, and nothing requested
// but from `origin` (files: nothing but the file).
export async function withPage(browser, address, options, use) {
    const context = await browser.newContext({
        viewport: { width: options.width ?? 1280, height: 800 },
        locale: options.locale ?? "en-GB",
        javaScriptEnabled: options.script ?? true,
    });
    const page = await context.newPage();
    const errors = [], requests = [];
    page.on("pageerror", (e) => errors.push(String(e)));
    page.on("console", (m) => {
        if (m.type() === "error" || m.type() === "warning")
            errors.push(m.text());
    });
    page.on("request", (r) => requests.push(r.url()));
    try {
        const answer = await page.goto(address, { waitUntil: "load" });
        const status = options.status ?? 200;
        if (address.startsWith("http"))
            assert.equal(answer.status(), status, "status of " + address);
        await use(page, context);
        // Chromium reports the status of the page itself as an error.
        const told = errors.filter((e) => !(status >= 400 && e.includes(`status of ${status}`)));
        assert.deepEqual(told, [], "errors of " + address);
        const origin = address.startsWith("file:") ? address : new URL(address).origin + "/";
        const outside = requests.filter((u) => !u.startsWith(origin) && !u.startsWith("data:"));
        assert.deepEqual(outside, [], "requests outside of " + address);
        if (address.startsWith("file:"))
            assert.equal(requests.length, 1, "a file loads nothing");
    } finally {
        await context.close();
    }
}

// No scrolling sideways at that width, but within the boxes of tables.
export async function fits(page, width) {
    await page.setViewportSize({ width, height: 800 });
    const [content, room] = await page.evaluate(() =>
        [document.scrollingElement.scrollWidth, document.scrollingElement.clientWidth]);
    assert.ok(content <= room, `the body is ${content} px wide in ${room} px`);
}

// That, and accessible, in that scheme.
export async function look(page, width, scheme) {
    await page.emulateMedia({ colorScheme: scheme });
    await fits(page, width);
    // By the debugger: the page's own policy lets no script in.
    await page.evaluate(axe);
    const found = await page.evaluate((rules) => window.axe.run(document, {
        runOnly: { type: "tag", values: rules }, resultTypes: ["violations"] }), RULES);
    assert.deepEqual(found.violations.map((v) =>
        `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join(", ")}`), [],
        `axe at ${width} px, ${scheme}`);
    assert.ok(found.passes.length > 5, "axe had something to look at");
}
