// Workers beside the server: one dies in the middle of a file, another takes it up, and whoever looks sees it.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { Api, codeOf } from "./lib/api.mjs";
import { launchBrowser, newPage } from "./lib/browser.mjs";
import { pdfOf, streamOf } from "./lib/pdf.mjs";
import { Galley, startWorker } from "./lib/server.mjs";

const PAGES = 400;

/** A PDF of many pages with enough on each to take a moment. */
function longPdf() {
  const objects = [];
  const kids = Array.from({ length: PAGES }, (_, index) => `${4 + 2 * index} 0 R`).join(" ");
  objects.push("<< /Type /Catalog /Pages 2 0 R >>", `<< /Type /Pages /Kids [${kids}] /Count ${PAGES} >>`, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
  for (let page = 1; page <= PAGES; page++) {
    const lines = Array.from({ length: 60 }, (_, line) => `BT /F1 9 Tf 40 ${800 - 12 * line} Td (Page ${page}, line ${line}: what somebody wrote) Tj ET`);
    const content = lines.join("\n");
    objects.push(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${5 + 2 * (page - 1)} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`);
    objects.push(streamOf(content));
  }
  return pdfOf(objects);
}

describe("workers beside the server", { timeout: 300_000 }, () => {
  let server, browser, folder;
  const workers = [];
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "galley-worker-"));
    server = await Galley.start("--no-worker");
    browser = await launchBrowser();
  });
  after(async () => {
    for (const worker of workers) worker.kill("SIGKILL");
    await browser?.close();
    await server?.remove();
    rmSync(folder, { recursive: true, force: true });
  });
  const work = async () => {
    const worker = await startWorker(server);
    workers.push(worker);
    return worker;
  };
  const end = async (worker, signal) => {
    const ended = once(worker, "exit");
    worker.kill(signal);
    return (await ended)[0];
  };

  test("a worker killed in the middle is replaced, and an open viewer sees it all without a reload", async (t) => {
    const file = join(folder, "long.pdf");
    writeFileSync(file, longPdf(), "latin1");
    const api = await Api.logIn(server);
    const { id, open_link: link } = await api.createProof(file, { name: "Long" });
    await sleep(1000);
    assert.equal((await api.get(`/proofs/${id}`)).processing, "queued", "the server itself does no jobs");

    const page = await newPage(browser);
    await page.goto(link);
    await page.getByTestId("work").waitFor();
    assert.match(await page.getByTestId("work").innerText(), /Waiting its turn/);

    const first = await work();
    await page.getByTestId("page-canvas").or(page.locator(".pill")).first().waitFor();
    let seen;
    do {
      await sleep(50);
      seen = await api.get(`/proofs/${id}`);
    } while (!(seen.work?.done >= 5));
    await end(first, "SIGKILL");
    const halfway = (await api.get(`/proofs/${id}`)).work;
    assert.equal(halfway.total, PAGES);
    assert.ok(halfway.done < PAGES, `killed in the middle: ${halfway.done} pages`);
    assert.ok(halfway.fraction > 0 && halfway.fraction < 1);
    t.diagnostic(`killed after ${halfway.done} of ${PAGES} pages`);

    const took = Date.now();
    const second = await work();
    const done = await api.settled(id, 120_000);
    t.diagnostic(`ready ${Date.now() - took} ms after the second worker began`);
    assert.equal(done.processing, "ready", done.processing_error);
    assert.equal(done.pages, PAGES);
    assert.equal(done.work, null);
    await page.locator(".pill").waitFor({ state: "detached" });
    assert.deepEqual(page.problems, []);
    await page.context().close();
    assert.equal(await end(second, "SIGTERM"), 0, "asked to stop, it ends cleanly");
  });

  test("what a stopped worker had is taken up at once, and cancelling reaches another process", async () => {
    const file = join(folder, "long2.pdf");
    writeFileSync(file, longPdf().replace("%PDF-1.4\n", "%PDF-1.4\n%2\n"), "latin1");
    const api = await Api.logIn(server);
    const { id, open_link: link } = await api.createProof(file, { name: "Long again" });
    const first = await work();
    while (!((await api.get(`/proofs/${id}`)).work?.done >= 3)) await sleep(50);
    assert.equal(await end(first, "SIGTERM"), 0);
    const before = (await api.get(`/proofs/${id}`)).work.done;
    const second = await work();
    const began = Date.now();
    while ((await api.get(`/proofs/${id}`)).work?.done === before) await sleep(50);
    assert.ok(Date.now() - began < 15_000, "no lease had to run out");

    const cancelled = await api.json("POST", `/proofs/${id}/processing/cancel`);
    assert.deepEqual([cancelled.processing, cancelled.cancelled], ["failed", true]);
    await sleep(1500);
    assert.equal((await api.get(`/proofs/${id}`)).processing, "failed", "it stays cancelled");
    const code = codeOf(link);
    const again = await api.json("POST", `/links/${code}/processing/retry`);
    assert.equal(again.proof.cancelled, false);
    assert.equal((await api.settled(id, 120_000)).pages, PAGES);
    const { items } = await api.get(`/proofs/${id}/activity`);
    for (const action of ["Processing cancelled", "Processing started again"])
      assert.ok(items.some((item) => item.action === action && item.actor !== "Galley"), action);
    await end(second, "SIGTERM");
  });
});
