// SPDX-License-Identifier: Apache-2.0
// Starts the program on the example fleet and on an empty database, runs every
// check, prints a line for each, stops. Arguments: only checks so named.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "./browser.mjs";
import pages from "./checks_pages.mjs";
import report from "./checks_report.mjs";
import use from "./checks_use.mjs";
import { run, serve } from "./site.mjs";

const top = join(dirname(fileURLToPath(import.meta.url)), "../..");
const folder = mkdtempSync(join(tmpdir(), "fleetprint-browser-"));
const world = { folder, db: join(folder, "fleet.db") };
const wanted = process.argv.slice(2);
let failed = 0, passed = 0;

async function check([name, body]) {
    if (wanted.length && !wanted.some((w) => name.includes(w)))
        return;
    const start = Date.now();
    try {
        await body(world);
        passed++;
        console.log(`ok   ${name} (${Date.now() - start} ms)`);
    } catch (error) {
        failed++;
        console.log(`FAIL ${name}\n     ${String(error.message ?? error).split("\n").join("\n     ")}`);
    }
}

try {
    run(world.db, "init");
    run(world.db, "import", join(top, "examples/cbp-2025"));
    run(join(folder, "empty.db"), "init");
    world.site = await serve(world.db);
    world.empty = await serve(join(folder, "empty.db"));
    world.browser = await launch();
    for (const entry of [...pages, ...use, ...report])
        await check(entry);
} finally {
    await world.browser?.close();
    await world.site?.stop();
    await world.empty?.stop();
    rmSync(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed || !passed ? 1 : 0);
