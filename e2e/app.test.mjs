// The app around the viewer: log in, drop a file, invite somebody, copy the link.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { Api } from "./lib/api.mjs";
import { launchBrowser, newPage } from "./lib/browser.mjs";
import { Galley, root } from "./lib/server.mjs";

describe("the app", { timeout: 300_000 }, () => {
  let server, browser;
  before(async () => {
    server = await Galley.start();
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await server?.remove();
  });

  async function logIn(page, email) {
    await page.goto(`${server.url}/login`);
    await page.getByTestId("login-email").fill(email);
    await page.getByTestId("login-password").fill("galley-demo");
    await page.getByTestId("login-submit").click();
    await page.getByTestId("proof-card").first().waitFor();
  }

  test("a wrong password says so and keeps the address", async () => {
    const page = await newPage(browser);
    await page.goto(`${server.url}/login`);
    await page.getByTestId("login-email").fill("manager@demo.test");
    await page.getByTestId("login-password").fill("wrong");
    await page.getByTestId("login-submit").click();
    await page.getByRole("alert").first().waitFor();
    assert.equal(await page.getByTestId("login-email").inputValue(), "manager@demo.test");
    await page.context().close();
  });

  test("a manager makes a proof from a file and invites a reviewer, whose link opens without login", async () => {
    const page = await newPage(browser);
    await logIn(page, "manager@demo.test");
    await page.getByTestId("new-proof").first().click();
    await page.getByTestId("upload-input").setInputFiles(join(root, "demo/files/business-cards.pdf"));
    await page.getByTestId("reviewer-email").fill("ida@example.com");
    await page.getByTestId("reviewer-role").selectOption("reviewer_approver");
    await page.getByTestId("reviewer-add").click();
    const created = page.waitForResponse((answer) => answer.url().endsWith("/api/v1/proofs") && answer.request().method() === "POST");
    await page.getByTestId("create-submit").click();
    const proof = await (await created).json();
    assert.equal(proof.filename, "business-cards.pdf");
    const ida = proof.reviewers.find((reviewer) => reviewer.email === "ida@example.com");
    assert.equal(ida.role, "reviewer_approver");

    await page.goto(server.url);
    await page.locator(`[data-testid=proof-card][data-id="${proof.id}"]`).waitFor();
    assert.deepEqual(page.problems, []);
    await page.context().close();

    const guest = await newPage(browser);
    await guest.goto(ida.link);
    await guest.getByTestId("canvas").first().waitFor();
    assert.deepEqual(guest.problems, []);
    await guest.context().close();
  });

  test("an administrator opens a proof that nobody shared with them", async () => {
    const api = await Api.logIn(server, "manager@demo.test");
    const proof = await api.createProof(join(root, "demo/files/business-cards.pdf"), {
      name: "Not shared", settings: { enable_team_url: false },
    });
    await api.settled(proof.id);
    const page = await newPage(browser);
    await logIn(page, "admin@demo.test");
    await page.goto(`${server.url}/proofs/${proof.id}`);
    const link = page.getByTestId("open-proof");
    await link.waitFor();
    const address = new URL(await link.getAttribute("href"), server.url).href;
    await link.click();
    await page.getByTestId("canvas").first().waitFor();
    assert.deepEqual(page.problems, []);
    await page.context().close();

    const stranger = await newPage(browser);
    await stranger.goto(address);
    await stranger.getByText("This link does not work").waitFor();
    await stranger.context().close();
  });

  test("a manager gets the comments of a proof as a PDF and as a spreadsheet", async () => {
    const page = await newPage(browser, { acceptDownloads: true });
    await logIn(page, "manager@demo.test");
    const { items } = await (await page.request.get(`${server.url}/api/v1/proofs?limit=50`)).json();
    const proof = items.filter((one) => one.processing === "ready").sort((a, b) => b.comments - a.comments)[0];
    await page.goto(`${server.url}/proofs/${proof.id}`);
    await page.getByTestId("summary-open").click();
    for (const [kind, end, start] of [["pdf", ".pdf", "%PDF-"], ["excel", ".xlsx", "PK"]]) {
      await page.locator(`input[value=${kind}]`).check({ force: true });
      const asked = page.waitForResponse((answer) => answer.url().endsWith("/summaries") && answer.request().method() === "POST");
      await page.getByTestId("summary-make").click();
      assert.equal((await asked).status(), 202);
      // The newest is the first, and the others stay.
      const first = page.getByTestId("summary").first();
      await page.locator("[data-testid=summary]:first-child[data-state=ready]").waitFor();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        first.getByTestId("summary-download").click(),
      ]);
      assert.ok(download.suggestedFilename().endsWith(end), download.suggestedFilename());
      const bytes = readFileSync(await download.path());
      assert.equal(bytes.subarray(0, start.length).toString("latin1"), start);
    }
    // What somebody else asked for is nobody else's.
    const { items: made } = await (await page.request.get(`${server.url}/api/v1/proofs/${proof.id}/summaries`)).json();
    assert.equal(made.length, 2);
    const other = await newPage(browser);
    await logIn(other, "admin@demo.test");
    assert.equal((await other.request.get(`${server.url}/api/v1/summaries/${made[0].id}`)).status(), 404);
    const theirs = await (await other.request.get(`${server.url}/api/v1/proofs/${proof.id}/summaries`)).json();
    assert.deepEqual(theirs.items, []);
    assert.deepEqual(page.problems, []);
    await page.context().close();
    await other.context().close();
  });

  test("a file that is no PDF ends as a failed proof with a reason", async () => {
    const page = await newPage(browser);
    await logIn(page, "manager@demo.test");
    await page.getByTestId("new-proof").first().click();
    await page.getByTestId("upload-input").setInputFiles({ name: "broken.pdf", mimeType: "application/pdf", buffer: Buffer.from("this is no PDF") });
    await page.getByTestId("create-submit").click();
    await page.getByText(/cannot read this kind of file/i).first().waitFor();
    await page.context().close();
  });

  test("an unknown link is explained", async () => {
    const page = await newPage(browser);
    await page.goto(`${server.url}/proof/nosuchcode`);
    await page.getByTestId("link-gone").waitFor();
    await page.context().close();
  });
});
