// Web pages as proofs: addresses in the dialog, sizes, sub-pages, and the way back to the live page; and a server
// that is killed while it captures. In a real browser, of a site of this test.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";

import { Api, codeOf } from "./lib/api.mjs";
import { launchBrowser, newPage } from "./lib/browser.mjs";
import { Galley } from "./lib/server.mjs";

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** Pages of a shop; what `hold` names is answered only when it is let go. */
class Site {
  asked = [];
  #held = new Map();

  static async open() {
    const site = new Site();
    site.server = createServer((request, response) => void site.answer(request, response)).listen(0, "127.0.0.1");
    await once(site.server, "listening");
    site.host = `127.0.0.1:${site.server.address().port}`;
    site.url = `http://${site.host}/`;
    return site;
  }

  hold(path) {
    let letGo;
    this.#held.set(path, new Promise((resolve) => (letGo = resolve)));
    return () => {
      this.#held.delete(path);
      letGo();
    };
  }

  async answer(request, response) {
    const path = new URL(request.url, this.url).pathname;
    this.asked.push(path);
    await this.#held.get(path);
    const link = (to, text) => `<p><a href="${to}">${text}</a></p>`;
    const bodies = {
      "/": `<title>Marmalade House</title><h1>Marmalade House</h1>${link("/jars", "Our jars")}${link("/story", "Story")}
        <a href="https://example.org/">Elsewhere</a><div style="height: 1400px; background: #f7e3c8"></div>`,
      "/jars": `<title>Jars</title><h1>Jars</h1>${link("/jars/seville", "Seville")}`,
      "/story": "<title>Our story</title><h1>Story</h1>",
      "/jars/seville": "<title>Seville</title><h1>Seville</h1>",
    };
    response.writeHead(bodies[path] ? 200 : 404, { "content-type": "text/html", connection: "close" });
    response.end(bodies[path] ?? "<h1>Nothing here</h1>");
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** Processes whose command line holds this. */
function processes(text) {
  return readdirSync("/proc").filter((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    try {
      return readFileSync(`/proc/${entry}/cmdline`, "utf8").includes(text);
    } catch {
      return false;
    }
  });
}

async function until(what, look, within = 60_000) {
  const end = Date.now() + within;
  for (;;) {
    const found = await look();
    if (found) return found;
    assert.ok(Date.now() < end, `${what} did not come about`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe("web pages", { timeout: 400_000 }, () => {
  let site, server, browser, api;
  before(async () => {
    site = await Site.open();
    server = await Galley.start("--allow-private-captures", site.host);
    browser = await launchBrowser();
    api = await Api.logIn(server);
  });
  after(async () => {
    await browser?.close();
    await server?.remove();
    site?.close();
  });

  async function dialog(options) {
    const page = await newPage(browser, options);
    const [name, value] = api.cookie.split("=");
    await page.context().addCookies([{ name, value, url: server.url }]);
    await page.goto(`${server.url}/`);
    await page.getByTestId("new-proof").first().click();
    return page;
  }

  const add = async (page, text) => {
    await page.getByTestId("web-address").fill(text);
    await page.getByTestId("web-address").press("Enter");
  };

  const made = async (count) =>
    until(`${count} proofs`, async () => {
      const { items } = await api.get("/proofs?limit=100");
      const found = items.filter((proof) => proof.name.includes("armalade") || proof.name.includes(site.host));
      return found.length >= count && found;
    });

  test("addresses are typed, checked, named and captured at each size", async () => {
    const page = await dialog();
    await add(page, `${site.url} file:///etc/passwd\nhttp://10.0.0.1/`);
    const rows = page.getByTestId("web-page");
    await page.getByTestId("web-error").nth(1).waitFor();
    assert.equal(await rows.count(), 3);
    // What was typed and left there counts as well, but nothing twice.
    await page.getByTestId("web-address").fill(site.url);
    await page.getByTestId("web-address").blur();
    assert.equal(await page.getByTestId("web-address").inputValue(), "");
    assert.equal(await rows.count(), 3);
    await page.getByTestId("web-address").fill("marmalade");
    await page.getByTestId("web-address").blur();
    await page.getByText("This is not the address of a web page.").waitFor();
    await rows.nth(3).getByLabel("Remove web page").click();
    assert.deepEqual(await page.getByTestId("web-error").allInnerTexts(), [
      "Only pages whose address begins with http:// or https:// can be captured.",
      "10.0.0.1 is a private address, and pages from those are not captured.",
    ]);
    for (let left = 2; left > 0; left--) await rows.nth(1).getByLabel("Remove web page").click();
    await page.getByTestId("web-name").fill("Marmalade House");
    await page.getByTestId("size-390").click();
    await page.getByTestId("create-submit").filter({ hasText: "Create 2 proofs" }).click();
    const found = await made(2);
    assert.deepEqual(found.map((proof) => proof.name).sort(), ["Marmalade House (1366 × 768)", "Marmalade House (390 × 844)"]);
    const phone = found.find((proof) => proof.name.includes("390"));
    await api.settled(phone.id);
    const { pages, websites } = await api.get(`/links/${codeOf(phone.my_link)}`);
    assert.deepEqual([pages.length, pages[0].width], [1, 390]);
    assert.deepEqual(websites, [{ url: site.url, resolution: { width: 390, height: 844 }, pages: [1] }]);

    // The way back: from the details, and from the viewer.
    await page.goto(`${server.url}/proofs/${phone.id}`);
    const details = page.getByTestId("open-website");
    assert.deepEqual(
      [await details.getAttribute("href"), await details.getAttribute("target"), await details.getAttribute("rel")],
      [site.url, "_blank", "noopener noreferrer"],
    );
    await page.goto(phone.my_link);
    const popup = page.waitForEvent("popup");
    await page.getByTestId("open-website").click();
    const live = await popup;
    assert.deepEqual([live.url(), await live.evaluate(() => window.opener)], [site.url, null]);
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

  test("a site with https can be shown live in place of captured", async () => {
    const page = await dialog();
    await add(page, `${site.url} https://nothing.invalid/shop`);
    const rows = page.getByTestId("web-page");
    await page.getByTestId("create-submit").filter({ hasText: "Create 2 proofs" }).waitFor();
    assert.equal(await page.getByTestId("web-live").count(), 1);
    await page.getByTestId("web-live").click();
    assert.deepEqual(await Promise.all([0, 1].map((n) => rows.nth(n).getByTestId("find-pages").count())), [1, 0]);
    await rows.first().getByLabel("Remove web page").click();
    assert.equal(await page.getByTestId("size-390").count(), 0);
    await page.getByTestId("create-submit").filter({ hasText: "Create proof" }).click();
    const proof = await until("the proof", async () => {
      const { items } = await api.get("/proofs?limit=100");
      return items.find((each) => each.name === "nothing.invalid/shop");
    });
    const done = await api.settled(proof.id);
    assert.equal(done.processing, "failed");
    assert.match(done.processing_error, /nothing\.invalid/);
    await page.context().close();
  });

  test("sub-pages are found, picked, and combined on a phone", async () => {
    const page = await dialog(PHONE);
    await add(page, site.url);
    const letGo = site.hold("/story");
    await page.getByTestId("find-pages").click();
    const picker = page.getByTestId("sub-pages");
    await picker.getByText(/looked at, \d found/).waitFor();
    letGo();
    await page.getByTestId("sub-pages-all").waitFor();
    assert.deepEqual(await picker.locator("li .truncate:not(.hint)").allInnerTexts(), ["Jars", "Our story", "Seville"]);
    await picker.getByText("Our story", { exact: true }).click();
    await picker.getByText("Seville", { exact: true }).click();
    await page.getByTestId("create-submit").filter({ hasText: "Create 3 proofs" }).waitFor();
    await page.getByTestId("sub-pages-add").filter({ hasText: "Add 2 pages" }).click();
    assert.equal(await page.getByTestId("web-page").count(), 3);
    await page.getByTestId("combine").check();
    await page.getByTestId("combined-name").fill("All of marmalade");
    await page.getByLabel("Move up").nth(2).click();
    // Nothing lies beside the dialog.
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    assert.equal(wide, false);
    await page.getByTestId("create-submit").filter({ hasText: "Create proof" }).click();
    const proof = await until("the combined proof", async () => {
      const { items } = await api.get("/proofs?limit=100");
      return items.find((one) => one.name === "All of marmalade");
    });
    const { pages } = await api.settled(proof.id);
    assert.equal(pages, 3);
    const { websites } = await api.get(`/links/${codeOf(proof.my_link)}`);
    const shown = websites.map((each) => new URL(each.url).pathname);
    assert.deepEqual(shown, ["/", "/jars/seville", "/story"], "in the order of the dialog");

    await page.goto(proof.my_link);
    await page.getByRole("button", { name: "More" }).click();
    assert.equal(await page.getByTestId("open-website").getAttribute("href"), site.url);
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

  test("a search that is stopped ends its browser", async () => {
    const page = await dialog();
    await add(page, `${site.url}slow`);
    const letGo = site.hold("/slow");
    await page.getByTestId("find-pages").click();
    await until("a visit", () => site.asked.includes("/slow"));
    await page.getByTestId("sub-pages-cancel").filter({ hasText: "Stop" }).click();
    await until("the end of the browser", () => processes(`galley-capture-${server.pid}-`).length === 0);
    letGo();
    await page.context().close();
  });

  test("a server that is killed while it captures leaves nothing and does it again", async () => {
    const letGo = site.hold("/jars");
    const proof = await api.json("POST", "/proofs", { sources: [{ url: `${site.url}jars` }], name: "Killed" });
    const before = site.asked.length;
    await until("a visit", () => site.asked.slice(before).includes("/jars"));
    const profile = `galley-capture-${server.pid}-`;
    assert.ok(processes(profile).length > 0);
    await server.kill();
    letGo();
    await server.launch();
    const again = await api.settled(proof.id);
    assert.deepEqual([again.processing, again.pages], ["ready", 1]);
    await until("the end of the first browser", () => processes(profile).length === 0);
    const left = readdirSync(process.env.TMPDIR ?? "/tmp").filter((name) => name.startsWith(profile));
    assert.deepEqual(left, [], "profiles of the killed server");
  });
});
