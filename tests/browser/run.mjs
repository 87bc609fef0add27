// SPDX-License-Identifier: Apache-2.0
// Starts the program on the example fleet, on an empty database and on one of
// long words, runs every check, prints a line for each, stops. Arguments: only
// checks whose name holds one of them.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
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
// Words without a place to break, as long as an inventory may hold them.
const longFleet = "tag,name,category,manufacturer,model,status,note\n" +
    ["a", "b"].map((x) => `${x}${"W".repeat(60)},${"M".repeat(150)},server,${"I".repeat(80)},` +
        `${"W".repeat(80)},in_service,${"https://example.org/".repeat(20)}`).join("\n") + "\n";
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
    writeFileSync(join(folder, "long.csv"), longFleet);
    run(join(folder, "long.db"), "init");
    run(join(folder, "long.db"), "import", join(folder, "long.csv"));
    world.site = await serve(world.db);
    world.empty = await serve(join(folder, "empty.db"));
    world.long = await serve(join(folder, "long.db"));
    world.browser = await launch();
    for (const entry of [...pages, ...use, ...report])
        await check(entry);
} finally {
    await world.browser?.close();
    await world.site?.stop();
    await world.empty?.stop();
    await world.long?.stop();
    rmSync(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed || !passed ? 1 : 0);
