// The main job with real parts: SOAP clients that others wrote, and a browser.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after, before, describe, test } from "node:test";

import { Api, codeOf } from "./lib/api.mjs";
import { comment, commentItem, decide, draw, launchBrowser, newPage, openProof, wasReloaded } from "./lib/browser.mjs";
import { clients, soap } from "./lib/clients.mjs";
import { pdfInfo, realPdf, realPdfs } from "./lib/pdfs.mjs";
import { Galley, root } from "./lib/server.mjs";

/** What the base version serves: this document, a Rust test says. */
const OPERATIONS = [...new Set(readFileSync(join(root, "crates/proofhq-soap/tests/base.wsdl"), "utf8")
  .match(/(?<=operation name=")\w+/g))].sort();
const logIn = { login: "manager@demo.test", password: "galley-demo" };
const demo = (name) => join(root, "demo/files", name);

describe("the main job", { timeout: 600_000 }, () => {
  let server, browser;
  before(async () => {
    server = await Galley.start();
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await server?.remove();
  });

  const stories = [
    ["zeep", () => demo("tidewick-one-brochure.pdf")],
    ["php", () => demo("tidewick-one-brochure.pdf")],
    ["zeep", () => realPdf("debian-faq.pdf")],
    ["php", () => realPdf("refcard.pdf")],
  ];
  for (const [client, locate] of stories) {
    test(`${client} uploads and invites, a browser reviews, ${client} reads it back: ${locate.toString().match(/"(.+)"/)[1]}`, async () => {
      await story(client, locate());
    });
  }

  async function story(client, file) {
    const name = `Story of ${client}: ${basename(file)} – Ä Ω 漢`;
    const tag = `${client}-${basename(file, ".pdf")}`;
    const nora = { email: `nora.${tag}@example.com`, name: "Nora Ünal", role: "5" };
    const otto = { email: `otto.${tag}@example.com`, name: "Otto Lund", role: "3" };

    const made = await soap(client, server, "create", { ...logIn, file, name, reviewer: nora, others: [otto] });
    assert.deepEqual([...new Set(made.operations)], OPERATIONS);
    assert.equal(made.upload.errorcode, "");
    assert.equal(made.upload.md5, createHash("md5").update(readFileSync(file)).digest("hex"));
    assert.equal(made.upload.filename, basename(file));
    assert.equal(made.proof.filename, name);
    assert.equal(made.proof.type, "proof");
    assert.equal(made.proof.status, "unlocked");
    assert.equal(made.proof.decision, "pending");
    assert.equal(made.reviewer.email, nora.email);
    assert.equal(made.reviewer.role, "reviewer & approver");
    assert.ok(made.reviewer.proof_url.startsWith(`${server.url}/proof/`), made.reviewer.proof_url);
    if (client === "php") assert.deepEqual(made.classes, { proof: "SOAPFileObject", reviewer: "SOAPRecipientObject" });
    const job = { session: made.session, file_id: made.proof.file_id };

    const before = await soap(client, server, "read", job);
    assert.equal(before.alive, true);
    assert.deepEqual(before.comments, []);
    assert.deepEqual(before.versions, [job.file_id]);
    assert.ok(before.listed.includes(job.file_id));
    const ottosLink = before.reviewers.find((reviewer) => reviewer.email === otto.email).proof_url;
    assert.notEqual(ottosLink, made.reviewer.proof_url);

    const noraPage = await newPage(browser);
    const ottoPage = await newPage(browser);
    try {
      await openProof(noraPage, made.reviewer.proof_url);
      await openProof(ottoPage, ottosLink);

      const remark = `Please move this up – ${tag}`;
      await draw(noraPage, "rectangle", [[0.45, 0.4], [0.55, 0.5]]);
      await draw(noraPage, "arrow", [[0.4, 0.6], [0.48, 0.52]]);
      await comment(noraPage, remark);
      await commentItem(ottoPage, remark).waitFor();
      assert.equal(await wasReloaded(ottoPage), false, "Otto saw the comment without reloading");

      await comment(ottoPage, `I agree – ${tag}`);
      await commentItem(noraPage, `I agree – ${tag}`).waitFor();
      assert.equal(await decide(noraPage, "changes_required"), 200);

      const ottosView = await new Api(server).get(`/links/${codeOf(ottosLink)}`);
      const seen = ottosView.comments.find((entry) => entry.text === remark);
      assert.deepEqual(seen.markups.map((markup) => markup.kind), ["rectangle", "arrow"]);
      for (const markup of seen.markups) {
        assert.equal(markup.page, 1);
        for (const [x, y] of markup.points) assert.ok(x >= 0 && x <= 1 && y >= 0 && y <= 1, `${x}, ${y}`);
      }
      assert.equal(ottosView.reviewers.find((reviewer) => reviewer.name === nora.name).decision, "changes_required");
      assert.equal(ottosView.can.decide, false, "a reviewer does not decide");

      const after = await soap(client, server, "read", job);
      const [first, second] = after.comments;
      assert.equal(after.comments.length, 2);
      assert.equal(first.comment, remark);
      assert.equal(first.author, nora.name);
      assert.equal(first.reviewer_id, made.reviewer.id);
      assert.equal(second.author, otto.name);
      assert.equal(after.proof.decision, "changes required");
      const decided = after.reviewers.find((reviewer) => reviewer.email === nora.email);
      assert.equal(decided.decision, "changes required");
      assert.equal(decided.comments_count, 1);

      const said = `Done, see the next version – ${tag}`;
      const answer = await soap(client, server, "reply", { ...job, reviewer_id: first.reviewer_id, comment_id: first.id, text: said });
      assert.equal(answer.reply.comment, said);
      assert.deepEqual(answer.replies.map((reply) => reply.comment), [said]);
      await commentItem(ottoPage, remark).click(); // replies show with the selected comment
      await ottoPage.getByText(said).first().waitFor();
      assert.equal(await wasReloaded(ottoPage), false, "Otto saw the reply without reloading");

      assert.equal(await decide(noraPage, "approved"), 200);
      const final = await soap(client, server, "read", job);
      assert.equal(final.proof.decision, "approved");
      assert.equal(final.comments[0].replies_count, 1);
      assert.deepEqual(noraPage.problems.concat(ottoPage.problems), []);
    } finally {
      await noraPage.context().close();
      await ottoPage.context().close();
    }
  }

  for (const client of Object.keys(clients)) {
    test(`${client} gets the faults of the original`, async () => {
      const seen = await soap(client, server, "faults", logIn);
      const code = (fault) => String(fault.code).replace(/^.*:(?=\d+$)/, "");
      assert.equal(code(seen.bad_login), "303");
      assert.equal(seen.bad_login.text, "Your log in details are not valid.");
      assert.equal(code(seen.bad_session), "305");
      assert.equal(seen.bad_session.text, "Invalid Session ID.");
      assert.equal(code(seen.missing_hash), "400");
      assert.equal(seen.missing_hash.text, "Required string parameter 'Hash' is not present.");
      assert.ok(["403", "404"].includes(code(seen.unknown_proof)), JSON.stringify(seen.unknown_proof));
      if (client === "php") assert.equal(seen.unknown_operation.text, "Procedure 'makeCoffee' not present");
    });
  }

  for (const name of realPdfs) {
    test(`${name} has the pages and the size that poppler finds`, async () => {
      const file = realPdf(name);
      const expected = pdfInfo(file);
      const api = await Api.logIn(server);
      const made = await api.createProof(file, { name, reviewers: [{ email: "pages@example.com", role: "reviewer" }] });
      const proof = await api.settled(made.id);
      assert.equal(proof.processing, "ready", proof.processing_error);
      assert.equal(proof.pages, expected.pages);
      const link = await new Api(server).get(`/links/${codeOf(proof.reviewers.find((one) => one.email === "pages@example.com").link)}`);
      const [page] = link.pages;
      assert.ok(Math.abs(page.width - (expected.width * 96) / 72) < 1.5, `${page.width} × ${page.height}, poppler: ${JSON.stringify(expected)}`);
      assert.ok(Math.abs(page.height - (expected.height * 96) / 72) < 1.5);
      const words = await new Api(server).get(`/links/${codeOf(proof.reviewers.find((one) => one.email === "pages@example.com").link)}/pages/1/text`);
      assert.ok(words.words.length > 3, "the first page has text");
    });
  }
});
