// Interactive proofs in a real browser: a bundle runs, reaches nothing of Galley, and is commented on its screens.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createPlainServer } from "node:http";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { Api, codeOf } from "./lib/api.mjs";
import { commentItem, draw, launchBrowser, newPage } from "./lib/browser.mjs";
import { Galley } from "./lib/server.mjs";
import { zip } from "./lib/zip.mjs";

const page = (title, body) => `<!doctype html><html><head><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="css/main.css"></head><body>${body}</body></html>`;

/** What most bundles do: modules, styles, data that is fetched, storage, and other pages. */
const SHOP = zip({
  "shop/index.html": page("Shop", `<h1>Autumn shoes</h1><p id="said">…</p><a id="more" href="about.html?from=start#team">About us</a>
    <div style="height:3000px"></div><script type="module" src="js/main.js"></script>`),
  "shop/about.html": page("About", `<h1>About us</h1><a id="home" href="./">Home</a>`),
  "shop/css/main.css": "body{margin:0;padding:24px;font:18px sans-serif;background:#fdf6ec}h1{color:#7a3b12}",
  "shop/js/main.js": `import { word } from "./word.js";
    localStorage.setItem("seen", "yes");
    document.cookie = "a=1; path=/";
    const { count } = await (await fetch("data/shoes.json?x=1")).json();
    document.querySelector("#said").textContent = [word, count, localStorage.getItem("seen"), document.cookie, innerWidth].join(" ");`,
  "shop/js/word.js": `export const word = "ready";`,
  "shop/data/shoes.json": `{"count":12}`,
});

/** What a hostile one tries, each with what came of it; `elsewhere` is another server. */
const thief = (elsewhere) => zip({
  "index.html": page("Thief", `<p id="found">…</p><script>
    const found = {};
    const attempt = async (name, work) => {
      try { found[name] = String(await work()); } catch (error) { found[name] = "refused: " + error.name; }
    };
    (async () => {
      await attempt("origin", () => self.origin);
      await attempt("parent", () => parent.document.body.innerHTML);
      await attempt("cookies", () => parent.document.cookie);
      await attempt("code", () => parent.location.href);
      await attempt("storage", () => parent.localStorage.length);
      await attempt("session", async () => (await fetch("/api/v1/session", { credentials: "include" })).status);
      await attempt("proofs", async () => (await fetch(new URL("/api/v1/proofs", location.href), { credentials: "include" })).status);
      await attempt("elsewhere", async () => (await fetch("${elsewhere}/stolen")).status);
      await attempt("picture", () => new Promise((good, bad) => {
        const image = new Image(); image.onload = () => good("loaded"); image.onerror = () => bad(new DOMException("", "Blocked"));
        image.src = "${elsewhere}/pixel.png";
      }));
      await attempt("popup", () => window.open("${elsewhere}/popup") === null ? Promise.reject(new DOMException("", "Blocked")) : "opened");
      await attempt("top", () => { top.location = "${elsewhere}/top"; return "went"; });
      await attempt("link", () => /proof|links/.test(location.href) ? "knows" : "unknown");
      document.querySelector("#found").textContent = JSON.stringify(found);
    })();
  </script>`),
  "leave.html": page("Leave", `<script>location.href = "${elsewhere}/left"</script>`),
});

describe("interactive proofs", { timeout: 300_000 }, () => {
  let server, elsewhere, browser, api;
  before(async () => {
    server = await Galley.start();
    browser = await launchBrowser();
    api = await Api.logIn(server);
    const asked = [];
    const other = createPlainServer((request, answer) => {
      asked.push(request.url);
      answer.writeHead(200, { "access-control-allow-origin": "*" }).end("x");
    }).listen(0, "127.0.0.1");
    await once(other, "listening");
    elsewhere = { asked, close: () => other.close(), url: `http://127.0.0.1:${other.address().port}` };
  });
  after(async () => {
    await browser?.close();
    await server?.remove();
    elsewhere?.close();
  });

  async function share(bytes, name = "bundle.zip") {
    const { upload_id } = await api.upload(bytes, name);
    const made = await api.json("POST", "/proofs", { upload_id });
    const proof = await api.settled(made.id);
    return { proof, link: made.my_link, code: codeOf(made.my_link) };
  }

  const framed = (window) => window.frameLocator("[data-testid=page-frame]");
  const path = (window) => window.getByTestId("frame").getAttribute("data-path");
  const arrives = (window, at) => window.locator(`[data-testid=frame][data-path="${at}"]`).waitFor();

  test("a bundle runs, is browsed, and a comment leads back to its screen", async () => {
    const { proof, link, code } = await share(SHOP);
    assert.equal(proof.processing, "ready", proof.processing_error);
    const window = await newPage(browser);
    await window.goto(link);
    const said = framed(window).locator("#said");
    await said.getByText("ready 12 yes a=1").waitFor();
    // Nothing that belongs to pages of paper is offered.
    for (const id of ["tool-text", "search-open", "preflight-open", "compare-open"])
      assert.equal(await window.getByTestId(id).count(), 0, id);

    await window.getByTestId("frame-device").selectOption("Phone");
    await window.getByTestId("frame-reload").click();
    await said.getByText("ready 12 yes a=1 390").waitFor();

    // To another page, back and on.
    assert.ok(await window.getByTestId("frame-back").isDisabled());
    await framed(window).locator("#more").click();
    await framed(window).getByRole("heading", { name: "About us" }).waitFor();
    await arrives(window, "about.html?from=start#team");
    await window.getByTestId("frame-back").click();
    await framed(window).getByRole("heading", { name: "Autumn shoes" }).waitFor();
    await arrives(window, "");
    await window.getByTestId("frame-forward").click();
    await arrives(window, "about.html?from=start#team");
    assert.ok(await window.getByTestId("frame-forward").isDisabled());

    await draw(window, "rectangle", [[0.45, 0.2], [0.55, 0.3]]);
    await window.getByTestId("comment-input").fill("More room here");
    assert.equal(await window.getByTestId("compose-screen").innerText(), "390 × 844 · about.html?from=start#team");
    await window.getByTestId("comment-save").click();
    const item = commentItem(window, "More room here");
    await item.waitFor();
    const { comments } = await api.get(`/links/${code}`);
    assert.deepEqual(comments[0].screen, { width: 390, height: 844, path: "about.html?from=start#team", left: 0, top: 0 });
    assert.equal(comments[0].markups[0].kind, "rectangle");

    // Elsewhere and at another size it is not seen; opened, it leads back.
    await window.keyboard.press("Escape");
    await window.getByTestId("frame-back").click();
    await arrives(window, "");
    await window.getByTestId("frame-width").fill("1024");
    await window.getByTestId("frame-width").press("Enter");
    await window.getByTestId("pin").waitFor({ state: "detached" });
    await item.getByTestId("comment-screen").click();
    await arrives(window, "about.html?from=start#team");
    await window.getByTestId("pin").waitFor();
    assert.equal(await window.getByTestId("frame-device").inputValue(), "Phone");
    assert.deepEqual(window.problems, []);
    await window.context().close();
  });

  test("markups follow what is scrolled", async () => {
    const { link, code } = await share(SHOP);
    const window = await newPage(browser);
    await window.goto(link);
    await framed(window).locator("#said").getByText("ready").waitFor();
    await window.getByTestId("frame-device").selectOption("Small laptop");
    const scroll = (top) => framed(window).locator("body").evaluate((_, y) => scrollTo(0, y), top);
    await scroll(500);
    await window.waitForFunction(() => document.querySelector("[data-testid=frame]").dataset.top === "500");
    await draw(window, "pin", [[0.5, 0.4]]);
    await window.getByTestId("comment-input").fill("Down here");
    await window.getByTestId("comment-save").click();
    await commentItem(window, "Down here").waitFor();
    const { comments } = await api.get(`/links/${code}`);
    assert.equal(comments[0].screen.top, 500);
    const at = async () => (await window.getByTestId("pin").boundingBox()).y;
    const before = await at();
    await scroll(400);
    await window.waitForFunction(() => document.querySelector("[data-testid=frame]").dataset.top === "400");
    const box = await window.getByTestId("page-frame").boundingBox();
    const moved = (await at()) - before;
    assert.ok(Math.abs(moved - (100 * box.height) / 800) < 2, `${moved} of ${box.height}`);
    // Out of sight, and back when the comment is opened.
    await scroll(2500);
    await window.getByTestId("pin").waitFor({ state: "detached" });
    await commentItem(window, "Down here").getByTestId("comment-screen").click();
    await window.waitForFunction(() => document.querySelector("[data-testid=frame]").dataset.top === "500");
    await window.getByTestId("pin").waitFor();
    assert.deepEqual(window.problems, []);
    await window.context().close();
  });

  test("a bundle may frame pages of its own", async () => {
    const { link } = await share(zip({
      "index.html": page("Outer", `<h1>Outer</h1><iframe src="inner/ad.html" title="ad"></iframe>`),
      "inner/ad.html": page("Inner", `<p id="inner">…</p><script src="ad.js"></script>`),
      "inner/ad.js": `document.querySelector("#inner").textContent = "the inner page runs";`,
    }));
    const window = await newPage(browser);
    await window.goto(link);
    await framed(window).frameLocator("iframe").getByText("the inner page runs").waitFor();
    await window.close();
  });

  test("a bundle reaches nothing of Galley, and nothing elsewhere", async () => {
    const { link } = await share(thief(elsewhere.url));
    const window = await newPage(browser);
    // Somebody who is logged in, so that there is something to steal.
    await window.context().addCookies([{ name: "galley_session", value: api.cookie.split("=")[1], url: server.url }]);
    await window.goto(link);
    const found = framed(window).locator("#found");
    await found.getByText("link").waitFor();
    const got = JSON.parse(await found.innerText());
    assert.equal(got.origin, "null");
    assert.equal(got.link, "unknown");
    for (const name of ["parent", "cookies", "code", "storage", "session", "proofs", "elsewhere", "picture", "popup", "top"])
      assert.match(got[name], /^refused/, `${name}: ${got[name]}`);
    assert.equal(window.url(), link);

    // Nor does it leave with what it was told.
    await window.evaluate(() => {
      const frame = document.querySelector("[data-testid=page-frame]");
      frame.contentWindow.location.replace(`${frame.src}leave.html`);
    });
    await window.waitForTimeout(1500);
    assert.deepEqual(elsewhere.asked, []);
    await window.context().close();
  });

  test("a phone browses, comments and comes back", async () => {
    const { link, code } = await share(SHOP);
    const window = await newPage(browser, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    await window.goto(link);
    await framed(window).locator("#said").getByText("ready 12 yes a=1 390").waitFor();
    // Chromium's made-up finger taps beside the place in a frame that is a process of its own.
    await framed(window).locator("#more").click();
    await arrives(window, "about.html?from=start#team");
    await window.getByTestId("comment-new").tap();
    const box = await window.getByTestId("canvas").boundingBox();
    await window.touchscreen.tap(box.x + box.width / 2, box.y + 120);
    await window.getByTestId("comment-input").fill("Too small");
    await window.getByTestId("comment-save").tap();
    await window.getByTestId("pin").waitFor();
    assert.equal(await window.getByTestId("frame-device").inputValue(), "fit");
    const { comments } = await api.get(`/links/${code}`);
    assert.equal(comments[0].screen.path, "about.html?from=start#team");
    assert.equal(comments[0].screen.width, 390);
    await window.getByTestId("frame-back").tap();
    await arrives(window, "");
    await window.getByTestId("comments-open").tap();
    await commentItem(window, "Too small").getByTestId("comment-screen").tap();
    await arrives(window, "about.html?from=start#team");
    assert.deepEqual(window.problems, []);
    await window.context().close();
  });

  test("a site is framed where it lets itself be, and says so where it does not", async () => {
    const folder = mkdtempSync(join(tmpdir(), "galley-site-"));
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
      "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE",
      "-keyout", key, "-out", cert], { stdio: "ignore" });
    const answers = {
      "/": [200, {}, "<!doctype html><h1>Live shop</h1><button onclick=\"this.textContent='bought'\">Buy</button>"],
      "/deny": [200, { "x-frame-options": "DENY" }, "no"],
      "/self": [200, { "content-security-policy": "default-src *; frame-ancestors 'self'" }, "no"],
      "/hop": [302, { location: "/" }, ""],
      "/http": [302, { location: "http://127.0.0.1/" }, ""],
      "/loop": [302, { location: "/loop" }, ""],
      "/gone": [404, {}, "no"],
    };
    const site = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, answer) => {
      const [status, headers, body] = answers[request.url] ?? answers["/gone"];
      answer.writeHead(status, { "content-type": "text/html", ...headers }).end(body);
    }).listen(0, "127.0.0.1");
    await once(site, "listening");
    const root = `https://127.0.0.1:${site.address().port}`;
    // The certificates that the server trusts are those of its machine; here, this one.
    process.env.SSL_CERT_FILE = cert;
    const own = await Galley.start("--allow-private-captures", "all");
    const strict = await Galley.start();
    delete process.env.SSL_CERT_FILE;
    try {
      const [mine, careful] = [await Api.logIn(own), await Api.logIn(strict)];
      const framing = async (by, url) => {
        const made = await by.json("POST", "/proofs", { interactive_url: url });
        return { ...(await by.settled(made.id)), link: made.my_link };
      };
      const refused = [
        [mine, "/deny", /does not let other pages show it/],
        [mine, "/self", /does not let other pages show it/],
        [mine, "/http", /not safe \(https\)/],
        [mine, "/loop", /redirects without end/],
        [mine, "/gone", /404/],
        [careful, "/", /private address/],
      ];
      let last;
      for (const [by, path, why] of refused) {
        last = await framing(by, root + path);
        assert.equal(last.processing, "failed", path);
        assert.match(last.processing_error, why, path);
        if (path === "/deny") {
          const window = await newPage(browser);
          await window.goto(last.link);
          await window.getByTestId("processing-failed").waitFor();
          assert.equal(await window.getByTestId("open-website").getAttribute("href"), `${root}/deny`);
          await window.context().close();
        }
      }
      for (const url of ["http://example.com/", "example.com", `https://example.com/${"x".repeat(1000)}`])
        await assert.rejects(mine.json("POST", "/proofs", { interactive_url: url }), /fewer than 1,000/, url);

      const proof = await framing(mine, `${root}/hop`);
      assert.equal(proof.processing, "ready", proof.processing_error);
      const window = await newPage(browser, { ignoreHTTPSErrors: true });
      await window.goto(proof.link);
      await framed(window).getByRole("button", { name: "Buy" }).click();
      await framed(window).getByRole("button", { name: "bought" }).waitFor();
      assert.equal(await window.getByTestId("open-website").getAttribute("href"), `${root}/hop`);
      await window.getByTestId("frame-device").selectOption("Tablet");
      await draw(window, "rectangle", [[0.45, 0.2], [0.55, 0.3]]);
      await window.getByTestId("comment-input").fill("Larger");
      await window.getByTestId("comment-save").click();
      await window.getByTestId("pin").waitFor();
      await window.getByTestId("frame-device").selectOption("Phone");
      await window.getByTestId("pin").waitFor({ state: "detached" });
      await commentItem(window, "Larger").getByTestId("comment-screen").click();
      await window.getByTestId("pin").waitFor();
      assert.equal(await window.getByTestId("frame-device").inputValue(), "Tablet");
      assert.deepEqual(window.problems, []);
      await window.context().close();
    } finally {
      await own.remove();
      await strict.remove();
      site.close();
      rmSync(folder, { recursive: true });
    }
  });

  test("an ordinary archive fails with a sentence", async () => {
    const { proof, link } = await share(zip({ "a.txt": "a", "b.txt": "b" }), "files.zip");
    assert.equal(proof.processing, "failed");
    assert.match(proof.processing_error, /neither a document nor a web page/);
    const window = await newPage(browser);
    await window.goto(link);
    await window.getByTestId("processing-failed").getByText("neither a document").waitFor();
    await window.context().close();
  });
});
