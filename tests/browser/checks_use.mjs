// SPDX-License-Identifier: Apache-2.0
// Finding one's way: menu, filters, sort, language and theme, with and without
// scripts, by keyboard; and the same number wherever it is shown.
import assert from "node:assert/strict";
import { withPage } from "./browser.mjs";

const at = (page) => new URL(page.url()).pathname + new URL(page.url()).search;

async function findsMachines(page) {
    await page.locator("nav a[href='/machines']").click();
    assert.equal(await page.locator("h1").textContent(), "Machines");
    await page.locator(".filters [name=q]").fill("compute");
    await page.locator(".filters [name=status]").selectOption("in_service");
    await page.locator(".filters button").click();
    assert.match(at(page), /q=compute/);
    assert.equal(await page.locator("tbody tr").count(), 4);
    await page.locator("thead a", { hasText: "Tag" }).click();
    assert.match(at(page), /order=desc/);
    assert.equal(await page.locator("tbody th").first().textContent(), "cbp-compute-g");
    await page.locator(".chips a").first().click();
    assert.ok(await page.locator("tbody tr").count() > 4);
    await page.locator("tbody th a", { hasText: "cbp-gpu-f" }).click();
    assert.equal(await page.locator("h1").textContent(), "cbp-gpu-f");
    await page.locator(".crumbs a").click();
    assert.equal(at(page), "/machines");
}

async function withoutScript(world) {
    await withPage(world.browser, world.site.base + "/", { script: false }, async (page) => {
        await findsMachines(page);
        await page.locator("a[href*='theme=dark']").click();
        assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
        await page.locator("a[href*='lang=fr']").click();
        assert.equal(await page.locator("html").getAttribute("lang"), "fr");
        await page.locator("nav a[href='/reports']").click();
        assert.equal(await page.locator("h1").textContent(), "Bilans");
        assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
    });
}

async function withScript(world) {
    await withPage(world.browser, world.site.base + "/", {}, findsMachines);
}

// Under 800 px the menu is folded; it opens without a script.
async function foldedMenu(world) {
    for (const script of [true, false])
        await withPage(world.browser, world.site.base + "/", { width: 320, script }, async (page) => {
            const link = page.locator("nav a[href='/reports']");
            assert.equal(await link.isVisible(), false);
            await page.locator(".menu summary").click();
            await link.click();
            assert.equal(at(page), "/reports");
        });
}

const ground = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

async function theme(world) {
    await withPage(world.browser, world.site.base + "/reports", {}, async (page, context) => {
        assert.equal(await ground(page), "rgb(255, 255, 255)");
        await page.locator("[data-theme-choice=dark]").click();
        assert.equal(await ground(page), "rgb(20, 24, 21)");
        assert.equal(at(page), "/reports", "the page is not loaded again");
        await page.goto(world.site.base + "/factors");
        assert.equal(await ground(page), "rgb(20, 24, 21)");
        await page.locator("[data-theme-choice=auto]").click();
        assert.equal(await ground(page), "rgb(255, 255, 255)");
        await page.emulateMedia({ colorScheme: "dark" });
        assert.equal(await ground(page), "rgb(20, 24, 21)");
        await page.locator("[data-theme-choice=light]").click();
        await page.reload();
        assert.equal(await ground(page), "rgb(255, 255, 255)");
        const cookie = (await context.cookies()).find((c) => c.name === "theme");
        assert.equal(cookie.value, "light");
    });
}

async function language(world) {
    await withPage(world.browser, world.site.base + "/machines?q=cbp", { locale: "fr-FR" }, async (page) => {
        assert.equal(await page.locator("html").getAttribute("lang"), "fr");
        await page.locator("a[hreflang=en]").click();
        assert.match(at(page), /q=cbp/);
        assert.equal(await page.locator("html").getAttribute("lang"), "en");
        await page.goto(world.site.base + "/reports/2025");
        assert.equal(await page.locator("h1").textContent(), "Carbon report 2025");
    });
}

async function keyboard(world) {
    await withPage(world.browser, world.site.base + "/machines", {}, async (page) => {
        await page.keyboard.press("Tab");
        assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
        await page.keyboard.press("Enter");
        assert.match(page.url(), /#main$/);
        await page.keyboard.press("/");
        assert.equal(await page.evaluate(() => document.activeElement.id), "search");
        await page.keyboard.type("gpu-f");
        await page.keyboard.press("Enter");
        await page.waitForURL(/q=gpu-f/);
        assert.equal(await page.locator("tbody tr").count(), 1);
    });
}

// Three significant digits, as pages show them; tonnes above 10,000 kg.
const digits = (x) => x >= 100 ? x.toFixed(0) : x >= 10 ? x.toFixed(1) : x.toFixed(2);

async function sameNumber(world) {
    const answer = await fetch(world.site.base + "/reports/2025.json");
    const d = await answer.json();
    assert.equal(d.fleet.machines, 337);
    assert.ok(Math.abs(d.fabrication.gross_kg.value - 352000) <= 500, "the published total");
    const gross = digits(d.fabrication.gross_kg.value / 1000) + "\u202ft";
    const years = digits(d.ratios.gross_years.value);
    for (const path of ["/", "/reports/2025"])
        await withPage(world.browser, world.site.base + path, {}, async (page) => {
            const big = await page.locator(".balance .big .v").allTextContents();
            const plain = big.map((t) => t.replace(/[\s\u00a0\u2009\u202f]+/g, " "));
            assert.equal(plain[0], gross.replace(/\u202f/g, " "), path);
            assert.equal(plain[1], years + " years", path);
            assert.match(await page.locator("main").textContent(), /352/);
        });
}

export default [
    ["without scripts", withoutScript],
    ["with scripts", withScript],
    ["the folded menu", foldedMenu],
    ["theme", theme],
    ["language", language],
    ["keyboard", keyboard],
    ["the same number on dashboard, JSON and report", sameNumber],
];
