// A disk that is full: clear answers, nothing lost, and everything works again once there is room.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmdirSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { Api, ApiError, codeOf } from "./lib/api.mjs";
import { Galley, root } from "./lib/server.mjs";

/** Enough for the demo data, and quickly filled. */
const SIZE = 96;
const mayMount = process.getuid() === 0 && (() => {
  const folder = mkdtempSync(join(tmpdir(), "galley-mount-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], { stdio: "ignore" });
    execFileSync("umount", [folder]);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(folder);
  }
})();

describe("a full disk", { timeout: 300_000, skip: !mayMount && "a small disk can be mounted by root only" }, () => {
  let server, disk;
  before(async () => {
    disk = mkdtempSync(join(tmpdir(), "galley-disk-"));
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${SIZE}m`, "tmpfs", disk]);
    server = await Galley.startIn(join(disk, "galley"), "--keep-free-mb", "0");
  });
  after(async () => {
    await server?.remove();
    execFileSync("umount", ["--lazy", disk]);
    rmdirSync(disk);
  });

  /** Writes until nothing more fits. */
  function fill() {
    const file = openSync(join(disk, "ballast"), "w");
    try {
      for (let size = 1 << 20; size >= 1; size >>= 1) {
        try {
          for (;;) writeSync(file, Buffer.alloc(size));
        } catch (error) {
          if (error.code !== "ENOSPC") throw error;
        }
      }
    } finally {
      closeSync(file);
    }
  }

  async function refused(work) {
    const error = await work().then(() => null, (error) => error);
    assert.ok(error instanceof ApiError, `refused with an answer: ${error ?? "it succeeded"}`);
    assert.equal(error.status, 507, error.message);
    assert.match(error.message, /space|full|room/i);
  }

  async function uploadPhp(bytes) {
    const form = new FormData();
    form.append("file1", new Blob([bytes]), "cards.pdf");
    const answer = await fetch(`${server.url}/upload.php`, { method: "POST", body: form });
    return answer.text();
  }

  test("refuses what does not fit and keeps what was acknowledged", async () => {
    const api = await Api.logIn(server);
    const artwork = join(root, "demo/files/business-cards.pdf");
    const proof = await api.createProof(artwork, { reviewers: [{ email: "ida@example.com", role: "reviewer_approver" }] });
    await api.settled(proof.id);
    const code = codeOf(proof.reviewers.find((one) => one.email === "ida@example.com").link);
    const guest = new Api(server);
    const before = await guest.json("POST", `/links/${code}/comments`, { client_id: "before", text: "Before" });

    fill();
    // More than fits the buffers of a socket: a sender who is not heard out gets a broken connection for an answer.
    const bytes = Buffer.concat(Array(400).fill(readFileSync(artwork)));
    for (let n = 0; n < 10; n++) await refused(() => api.upload(bytes, "large.pdf"));
    assert.match(await uploadPhp(bytes), /<errorcode>[5-8]<\/errorcode><errorstring>.+<\/errorstring>/);
    // Each comment is either kept or refused; the log of the database is written before it is acknowledged.
    const kept = [before];
    const turnedAway = [];
    for (let n = 0; n < 400 && turnedAway.length < 3; n++) {
      const draft = { client_id: `full-${n}`, text: `Remark ${n} `.repeat(400) };
      try {
        kept.push(await guest.json("POST", `/links/${code}/comments`, draft));
      } catch (error) {
        assert.equal(error.status, 507, error.message);
        turnedAway.push(draft);
      }
    }
    assert.ok(turnedAway.length > 0, "the disk was full");
    const texts = async () => (await guest.get(`/links/${code}`)).comments.map((one) => one.text);
    assert.deepEqual(await texts(), kept.map((one) => one.text), "reading goes on");

    rmSync(join(disk, "ballast"));
    for (const draft of turnedAway) kept.push(await guest.json("POST", `/links/${code}/comments`, draft));
    assert.deepEqual(await texts(), kept.map((one) => one.text), "each comment is there once");
    const again = await api.createProof(artwork, { name: "After" });
    assert.equal((await api.settled(again.id)).processing, "ready");

    await server.kill();
    await server.launch();
    assert.deepEqual(await texts(), kept.map((one) => one.text), "and stays after a power cut");
  });
});
