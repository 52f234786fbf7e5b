// Two versions beside each other: what differs is found, shown and stepped through.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { makePdf } from "./bench/pdf.mjs";
import { Api, codeOf } from "./lib/api.mjs";
import { launchBrowser, newPage, openProof } from "./lib/browser.mjs";
import { Galley } from "./lib/server.mjs";

describe("comparing versions", { timeout: 300_000 }, () => {
  let server, browser, api;
  before(async () => {
    server = await Galley.start();
    browser = await launchBrowser();
    api = await Api.logIn(server);
  });
  after(async () => {
    await browser?.close();
    await server?.remove();
  });

  /** Uploads two versions; answers the link of the newer one. */
  async function versions(older, newer, name) {
    const people = { reviewers: [{ email: "compare@example.com", role: "reviewer" }] };
    const { upload_id } = await api.upload(older, name);
    const first = await api.json("POST", "/proofs", { upload_id, ...people });
    await api.settled(first.id);
    const next = await api.upload(newer, name);
    const second = await api.json("POST", `/proofs/${first.id}/versions`, { upload_id: next.upload_id, ...people });
    const { reviewers } = await api.settled(second.id);
    return reviewers.find((one) => one.email === "compare@example.com").link;
  }

  async function poster() {
    const { items } = await api.get("/proofs?limit=100");
    const proof = items.find((one) => one.name.includes("festival poster"));
    await api.settled(proof.id);
    return (await api.get(`/proofs/${proof.id}`)).my_link;
  }

  async function open(page, link) {
    await openProof(page, link);
    const greeting = page.getByTestId("greeting-confirm");
    if (await greeting.count()) await greeting.click();
  }

  /** Where the page lies in a pane: what both show must be the same. */
  const place = (page, side) => page.locator(`[data-testid=pane-${side}] .paper`).evaluate((paper) => {
    const box = paper.getBoundingClientRect();
    const pane = paper.closest("[data-testid]").getBoundingClientRect();
    return [box.left - pane.left, box.top - pane.top, box.width].map(Math.round);
  });

  async function inStep(page, what) {
    for (let n = 0; ; n++) {
      const [a, b] = [await place(page, "newer"), await place(page, "older")];
      if (a.every((value, i) => Math.abs(value - b[i]) <= 1)) return a;
      assert.ok(n < 40, `${what}: ${a} and ${b}`);
      await page.waitForTimeout(50);
    }
  }

  test("the poster's changes are found, listed and stepped through", async () => {
    const page = await newPage(browser);
    await open(page, await poster());
    await page.getByTestId("compare-open").click();
    await page.getByTestId("change").first().waitFor();
    assert.match(await page.getByTestId("page-verdict").innerText(), /^\d+ areas changed$/);
    const areas = Number(await page.getByTestId("count-areas").innerText());
    assert.ok(areas >= 3, `${areas} areas`);
    assert.equal(await page.getByTestId("change").count(), areas);
    await page.getByTestId("mask-newer").waitFor({ state: "attached" });
    assert.equal(await page.getByTestId("mask-older").count(), 0);

    const fitted = await inStep(page, "fitted");
    await page.keyboard.press("+");
    await page.keyboard.press("+");
    await page.waitForTimeout(500);
    const zoomed = await inStep(page, "zoomed");
    assert.ok(zoomed[2] > fitted[2] * 1.4, `${fitted} to ${zoomed}`);
    await page.keyboard.press("n");
    await page.locator("[data-testid=change][aria-current=true]").waitFor();
    await page.keyboard.press("p"); // from the first to the last
    await page.waitForTimeout(500);
    await inStep(page, "at the last change");
    assert.match(await page.locator("[data-testid=change][aria-current=true]").innerText(), new RegExp(`^${areas}\\b`));

    await page.getByTestId("tab-text").click();
    const words = await page.getByTestId("change").first().innerText();
    assert.match(words, /18–20[\s\S]*25–27/);
    assert.ok(await page.locator("[data-testid=pane-older] .word.older").count() > 0, "removed words are marked");
    assert.ok(await page.locator("[data-testid=pane-newer] .word.newer").count() > 0, "added words are marked");

    // Nothing on the left of the divider is the older version's.
    await page.keyboard.press("2");
    const divider = page.getByTestId("divider");
    await divider.waitFor();
    await divider.focus();
    await page.keyboard.press("ArrowRight");
    assert.equal(await divider.getAttribute("aria-valuenow"), "55");
    await page.keyboard.press("3");
    await page.getByTestId("fade").waitFor();
    await page.keyboard.press("1");
    await page.keyboard.press("s");
    const left = async (side) => (await page.getByTestId(`pane-${side}`).boundingBox()).x;
    assert.ok(await left("older") < await left("newer"), "sides are swapped");
    await page.keyboard.press("Escape");
    await page.getByTestId("canvas").first().waitFor();
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

  test("an added page is said to be one, and the others stay in step", async () => {
    const link = await versions(makePdf(3), makePdf(4), "book.pdf");
    const page = await newPage(browser);
    await open(page, link);
    await page.getByTestId("compare-open").click();
    await page.getByTestId("compare-page").getByText("1 / 4").waitFor();
    for (let n = 0; n < 3; n++) await page.keyboard.press("ArrowRight");
    await page.getByTestId("pane-older").getByTestId("page-missing").waitFor();
    assert.equal(await page.getByTestId("page-verdict").innerText(), "Page added");
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

  test("the same file twice has no differences, on a phone", async () => {
    const link = await versions(makePdf(1), makePdf(1), "same.pdf");
    const page = await newPage(browser, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    await open(page, link);
    await page.getByRole("button", { name: "More" }).click();
    await page.getByTestId("compare-open").click();
    await page.getByText("No differences on this page").waitFor();
    assert.ok(await page.getByTestId("change-next").isDisabled());
    await page.getByTestId("changes-open").click();
    await page.getByTestId("no-differences").waitFor();
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

  test("both sides of a comparison need a link", async () => {
    const link = await versions(makePdf(1), makePdf(2), "two.pdf");
    const code = codeOf(link);
    const elsewhere = codeOf(await poster());
    await assert.rejects(new Api(server).get(`/links/${code}/compare/${elsewhere}`), { status: 404 });
  });
});
