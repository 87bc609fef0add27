// SPDX-License-Identifier: Apache-2.0
// Runs the program: single commands, and servers on any free port.
import { execFileSync, spawn } from "node:child_process";

const program = process.env.FLEETPRINT;
const env = { ...process.env, FLEETPRINT_TODAY: "2026-02-01" };
const PATIENCE_MS = 30000;

export function run(db, ...args) {
    return execFileSync(program, ["--db", db, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
}

// The port is in the log line that says that the server is ready.
function readyPort(child) {
    return new Promise((resolve, reject) => {
        let text = "";
        const timer = setTimeout(() => reject(new Error("not ready: " + text)), PATIENCE_MS);
        child.stderr.on("data", (bytes) => {
            text += bytes;
            const found = / ready .*port=(\d+)/.exec(text);
            if (!found)
                return;
            clearTimeout(timer);
            resolve(Number(found[1]));
        });
        child.on("exit", (code) => {
            clearTimeout(timer);
            reject(new Error(`the server ended with ${code}: ${text}`));
        });
    });
}

async function untilReady(base) {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
        const answer = await fetch(base + "/readyz").catch(() => null);
        if (answer && answer.ok)
            return;
        if (Date.now() > end)
            throw new Error(base + " is not ready");
    }
}

// {base, stop()}: stop() waits for the end and throws unless it was clean.
export async function serve(db) {
    const child = spawn(program, ["--db", db, "serve", "--listen", "127.0.0.1:0"],
        { env, stdio: ["ignore", "ignore", "pipe"] });
    const ended = new Promise((resolve) => child.on("exit", (code, signal) => resolve({ code, signal })));
    const base = "http://127.0.0.1:" + await readyPort(child);
    await untilReady(base);
    return {
        base,
        async stop() {
            child.kill("SIGTERM");
            const { code, signal } = await ended;
            if (code !== 0)
                throw new Error(`the server ended with ${code} ${signal}`);
        },
    };
}
