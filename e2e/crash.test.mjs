// Power cuts in the middle of uploads, renders and comments: what was acknowledged is there afterwards.
import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { Api, ApiError, codeOf } from "./lib/api.mjs";
import { Galley, root } from "./lib/server.mjs";

const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 8);
const artwork = ["business-cards.pdf", "annual-report-excerpt.pdf", "autumn-square.png", "harbour-at-dusk.jpg"].map((name) =>
  join(root, "demo/files", name),
);
const md5 = (bytes) => createHash("md5").update(bytes).digest("hex");

describe("power cuts", { timeout: 600_000 }, () => {
  let server;
  before(async () => { server = await Galley.start(); });
  after(() => server?.remove());

  test(`${ROUNDS} kills lose nothing that was acknowledged`, async (t) => {
    /** What the server has promised to keep. */
    const kept = { proofs: [], comments: [], decisions: new Map() };
    /** Comments sent without an answer; sent again later, each must be there once. */
    let unanswered = [];
    const totals = { uploads: 0, comments: 0, unanswered: 0 };

    for (let round = 0; round < ROUNDS; round++) {
      const api = await Api.logIn(server);
      let stopping = false;
      const until = (work) => async () => {
        while (!stopping) {
          try {
            await work();
          } catch (error) {
            if (error instanceof ApiError && error.status < 500) throw error; // a refusal is a fault of the test or the server
            if (!stopping) await sleep(20);
          }
        }
      };
      const random = (list) => list[Math.floor(Math.random() * list.length)];

      const upload = until(async () => {
        const file = random(artwork);
        const bytes = readFileSync(file);
        const receipt = await api.upload(bytes, basename(file));
        assert.equal(receipt.md5, md5(bytes));
        const proof = await api.json("POST", "/proofs", {
          upload_id: receipt.upload_id, name: `Round ${round}`, settings: { enable_download: true },
          reviewers: [{ email: `reviewer${kept.proofs.length}@example.com`, role: "reviewer_approver" }],
        });
        const reviewer = proof.reviewers.find((one) => one.email.startsWith("reviewer") && one.email.endsWith("@example.com"));
        kept.proofs.push({ id: proof.id, md5: md5(bytes), code: codeOf(reviewer.link) });
        totals.uploads++;
        await sleep(60); // or uploads leave no time for anything else
      });
      const talk = until(async () => {
        if (!kept.proofs.length) return sleep(20);
        const { code } = random(kept.proofs);
        // People draw on pages they see, and so does this.
        if (!(await new Api(server).get(`/links/${code}`)).pages.length) return sleep(20);
        const draft = { client_id: randomUUID(), text: `Round ${round}, remark ${kept.comments.length}`, page: 1, markups: [
          { kind: "rectangle", page: 1, points: [[0.1, 0.1], [0.4, 0.3]], color: "#e5484d", width: 3, opacity: 1 },
        ] };
        unanswered.push({ code, draft });
        const saved = await new Api(server).json("POST", `/links/${code}/comments`, draft);
        unanswered = unanswered.filter((one) => one.draft !== draft);
        kept.comments.push({ code, id: saved.id, text: draft.text });
        totals.comments++;
      });
      const decide = until(async () => {
        if (!kept.proofs.length) return sleep(20);
        const { code } = random(kept.proofs);
        const decision = random(["approved", "changes_required", "approved_with_changes"]);
        kept.decisions.delete(code); // in flight: either outcome is right
        await new Api(server).json("PUT", `/links/${code}/decision`, { decision });
        kept.decisions.set(code, decision);
        await sleep(30);
      });
      const look = until(async () => {
        if (!kept.proofs.length) return sleep(20);
        const { code } = random(kept.proofs);
        const answer = await fetch(`${server.url}/api/v1/links/${code}/pages/1/tiles/0/0/0`, { signal: AbortSignal.timeout(10_000) });
        await answer.arrayBuffer();
        await sleep(10);
      });

      const workers = [upload(), talk(), talk(), decide(), look(), look()];
      try {
        await Promise.race([sleep(300 + Math.random() * 1500), ...workers]);
      } finally {
        stopping = true;
      }
      await server.kill();
      await Promise.all(workers);
      await server.launch();

      totals.unanswered += unanswered.length;
      for (const { code, draft } of unanswered) {
        const saved = await new Api(server).json("POST", `/links/${code}/comments`, draft);
        kept.comments.push({ code, id: saved.id, text: draft.text });
      }
      unanswered = [];
      await everythingIsThere(kept);
    }
    t.diagnostic(`${totals.uploads} proofs, ${totals.comments} comments acknowledged; ${totals.unanswered} comments cut off and sent again`);
    assert.ok(kept.proofs.length >= ROUNDS / 2, "the rounds did something");
    assert.ok(kept.comments.length >= ROUNDS, "the rounds did something");

    const api = await Api.logIn(server);
    for (const { id } of kept.proofs) {
      const proof = await api.settled(id, 180_000);
      assert.equal(proof.processing, "ready", `proof ${id}: ${proof.processing_error}`);
    }
  });

  async function everythingIsThere(kept) {
    const api = await Api.logIn(server);
    for (const { id, code, md5: sum } of kept.proofs) {
      await api.get(`/proofs/${id}`);
      const file = await new Api(server).send("GET", `/links/${code}/download`);
      assert.equal(md5(Buffer.from(await file.arrayBuffer())), sum, `the file of proof ${id} is whole`);
      const link = await new Api(server).get(`/links/${code}`);
      const expected = kept.comments.filter((one) => one.code === code).sort((a, b) => a.id - b.id);
      const found = link.comments.map(({ id, text }) => ({ code, id, text })).sort((a, b) => a.id - b.id);
      assert.deepEqual(found, expected, `the comments of proof ${id}, each once`);
      const decision = kept.decisions.get(code);
      if (decision) {
        const own = link.reviewers.find((one) => one.id === link.me.reviewer_id);
        assert.equal(own.decision, decision, `the decision on proof ${id}`);
      }
    }
  }

  test("after a kill, readiness takes about a second", async (t) => {
    await server.kill();
    const took = await server.launch();
    t.diagnostic(`ready after ${took} ms`);
    assert.ok(took < 10_000);
  });
});
