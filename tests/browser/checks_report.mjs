// SPDX-License-Identifier: Apache-2.0
// The report as a file from disk: nothing loaded, accessible, on paper; and the
// page of the site on paper.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { look, withPage } from "./browser.mjs";
import { run } from "./site.mjs";

const A4 = [595, 842];

function checkPaper(path) {
    const info = execFileSync("pdfinfo", [path], { encoding: "utf8" });
    const text = execFileSync("pdftotext", ["-layout", path, "-"], { encoding: "utf8" });
    const size = /Page size:\s+([\d.]+) x ([\d.]+)/.exec(info);
    assert.ok(Number(/Pages:\s+(\d+)/.exec(info)[1]) > 1, "more than one page");
    assert.ok(Math.abs(size[1] - A4[0]) <= 2 && Math.abs(size[2] - A4[1]) <= 2, size[0]);
    assert.match(text, /352/);
    return text;
}

async function print(page, path) {
    writeFileSync(path, await page.pdf({ preferCSSPageSize: true, printBackground: false }));
}

function file(lang, title) {
    return async function (world) {
        const served = await fetch(world.site.base + "/reports/2025.html?lang=" + lang);
        assert.match(served.headers.get("content-disposition"), /^attachment/);
        const bytes = Buffer.from(await served.arrayBuffer());
        const path = join(world.folder, `report-${lang}.html`);
        writeFileSync(path, bytes);
        await withPage(world.browser, pathToFileURL(path).href, {}, async (page) => {
            assert.equal(await page.locator("html").getAttribute("lang"), lang);
            assert.equal(await page.locator("h1").textContent(), title);
            assert.equal(await page.locator("script").count(), 0);
            await look(page, 320, lang === "en" ? "light" : "dark");
            await look(page, 1280, lang === "en" ? "dark" : "light");
            const pdf = join(world.folder, `report-${lang}.pdf`);
            await print(page, pdf);
            checkPaper(pdf);
        });
    };
}

async function sameFile(world) {
    const path = join(world.folder, "report-cli.html");
    run(world.db, "report", "year", "2025", "--format", "html", "-o", path);
    const served = await fetch(world.site.base + "/reports/2025.html?lang=en");
    assert.equal(await served.text(), readFileSync(path, "utf8"));
}

async function servedPage(world) {
    await withPage(world.browser, world.site.base + "/reports/2025", {}, async (page) => {
        const pdf = join(world.folder, "page.pdf");
        await print(page, pdf);
        const text = checkPaper(pdf);
        const match = /Dashboard|Search|As a file|Français/.exec(text);
        assert.equal(match, null, "the frame of the site is printed");
    });
}

export default [
    ["the English file", file("en", "Carbon report 2025")],
    ["the French file", file("fr", "Bilan carbone 2025")],
    ["the file is that of the command line", sameFile],
    ["the served page on paper", servedPage],
];
