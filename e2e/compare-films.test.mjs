// Versions of films, sound, bundles and of two kinds beside each other.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";

import { makePdf } from "./bench/pdf.mjs";
import { Api, codeOf } from "./lib/api.mjs";
import { launchBrowser, newPage } from "./lib/browser.mjs";
import { Studio } from "./lib/film.mjs";
import { Galley } from "./lib/server.mjs";
import { zip } from "./lib/zip.mjs";

const SIDES = ["newer", "older"];

describe("comparing what plays and what is tried", { timeout: 600_000 }, () => {
  let server, browser, api, studio;
  before(async () => {
    server = await Galley.start();
    browser = await launchBrowser();
    api = await Api.logIn(server);
    studio = new Studio();
  });
  after(async () => {
    await browser?.close();
    await server?.remove();
    studio?.remove();
  });

  const make = (name, ...args) => readFileSync(studio.make(name, ...args));

  /** Frame n has luma 16 + 2n, so a picture tells which it is. */
  const steps = (name, seconds, more = "") =>
    make(name, `color=gray:s=320x180:r=30000/1001:d=${seconds},format=yuv420p,geq=lum='16+2*N':cb=128:cr=128${more}`,
      "-f", "lavfi", "-i", `sine=440:d=${seconds}`, "-c:v", "libx264", "-g", "30", "-pix_fmt", "yuv420p", "-c:a", "aac", "-shortest");

  const up = async ([name, bytes]) => (await api.upload(bytes, name)).upload_id;

  async function nextOf(proof, file) {
    const made = await api.json("POST", `/proofs/${proof.id}/versions`, { upload_id: await up(file) });
    const settled = await api.settled(made.id);
    assert.equal(settled.processing, "ready", settled.processing_error);
    return made;
  }

  /** Uploads two versions, with comments on the first while it can have some; answers both links. */
  async function versions(older, newer, comments = []) {
    const first = await api.json("POST", "/proofs", { upload_id: await up(older) });
    await api.settled(first.id);
    for (const comment of comments) await api.json("POST", `/links/${codeOf(first.my_link)}/comments`, comment);
    const second = await nextOf(first, newer);
    return { older: first.my_link, newer: second.my_link, second };
  }

  const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

  async function compared(link, options) {
    const page = await newPage(browser, options);
    await page.goto(link);
    if (options?.isMobile) await page.getByRole("button", { name: "More" }).click();
    await page.getByTestId("compare-open").click();
    await page.getByTestId("compare").waitFor();
    return page;
  }

  async function closed(page) {
    assert.deepEqual(page.problems, []);
    await page.context().close();
  }

  const frames = (page) => Promise.all(SIDES.map(async (side) => Number(await page.getByTestId(`at-${side}`).getAttribute("data-frame"))));

  /** Both players have loaded, stand still, and show the frames that are said. */
  async function standing(page, newer, older) {
    await page.waitForFunction(([newer, older]) => {
      const at = (side) => Number(document.querySelector(`[data-testid=at-${side}]`).dataset.frame);
      const films = [...document.querySelectorAll("[data-testid=film]")];
      return at("newer") === newer && at("older") === older &&
        films.every((film) => film.paused && !film.seeking && film.readyState >= 2);
    }, [newer, older]);
  }

  /** The frame that a pane shows, read from its colour. */
  const shown = (page, side) => page.locator(`[data-testid=pane-${side}] [data-testid=film]`).evaluate((film) => {
    const canvas = new OffscreenCanvas(32, 18);
    const pen = canvas.getContext("2d");
    pen.drawImage(film, 0, 0, 32, 18);
    return ((pen.getImageData(3, 3, 1, 1).data[0] * 219) / 255 / 2);
  });

  async function showing(page, newer, older) {
    await standing(page, newer, older);
    // A picture that was on its way may still come.
    for (let tries = 0; ; tries++) {
      const [a, b] = [await shown(page, "newer"), await shown(page, "older")];
      if (Math.abs(a - newer) < 0.8 && Math.abs(b - older) < 0.8) return;
      assert.ok(tries < 40, `${newer} and ${older} are said, ${a} and ${b} shown`);
      await page.waitForTimeout(50);
    }
  }

  const verdict = (page, text) => page.getByTestId("frame-verdict").getByText(text).waitFor();

  test("two films play, step and are scrubbed together, and what differs is shown", async () => {
    const box = ",drawbox=x=200:y=60:w=60:h=60:color=white:t=fill:enable='gte(n,20)'";
    const link = await versions(["steps.mp4", steps("one.mp4", 3.3)], ["steps.mp4", steps("two.mp4", 3.7, box)],
      [{ text: "Brighter here", time: { from: 50, to: null }, markups: [] }]);
    const said = await api.get(`/links/${codeOf(link.newer)}/compare/${codeOf(link.older)}`);
    assert.deepEqual([said.older.medium, said.newer.medium, said.pages], ["video", "video", []]);

    const page = await compared(link.newer);
    await page.locator("[data-testid=player][data-state=whole]").waitFor();
    await showing(page, 0, 0);
    await verdict(page, "No difference in this frame");
    // Films are not laid upon each other, and have no list of changes.
    for (const id of ["mode-swipe", "mode-fade", "tab-areas", "change-next"]) assert.equal(await page.getByTestId(id).count(), 0, id);

    for (const _ of [1, 2, 3, 4, 5]) await page.keyboard.press(".");
    await page.keyboard.press(",");
    await showing(page, 4, 4);
    await page.keyboard.press("End");
    const last = await frames(page);
    assert.ok(last[0] > last[1] + 8, `the shorter one stays at its end: ${last}`);
    await showing(page, ...last);

    // The mark of a comment of one version leads both to its moment.
    await page.getByTestId("track-older").getByTestId("player-mark").click();
    await showing(page, 50, 50);
    await page.getByTestId("pane-older").getByTestId("pane-comment").getByText("Brighter here").waitFor();
    await verdict(page, /^\d+\.\d % differs$/);
    const area = await page.locator("[data-testid=difference-newer] canvas").evaluate((canvas) => {
      const pen = canvas.getContext("2d");
      const at = (x, y) => [...pen.getImageData(Math.round(x * canvas.width), Math.round(y * canvas.height), 1, 1).data];
      return { inside: at(230 / 320, 90 / 180), outside: at(0.2, 0.5) };
    });
    assert.deepEqual(area, { inside: [229, 25, 45, 255], outside: [0, 0, 0, 0] });
    assert.equal(await page.getByTestId("difference-older").count(), 0);
    await page.keyboard.press("h");
    await page.getByTestId("difference-newer").waitFor({ state: "detached" });
    assert.equal(await page.getByTestId("frame-verdict").count(), 0);
    await page.keyboard.press("h");

    for (const after of [10, 25, 60]) {
      await page.keyboard.press("Home");
      await page.keyboard.press("k");
      await page.waitForFunction((after) => Number(document.querySelector("[data-testid=at-older]").dataset.frame) > after, after);
      await page.keyboard.press("k");
      await page.waitForFunction(() => [...document.querySelectorAll("[data-testid=film]")].every((film) => film.paused && !film.seeking));
      const [newer, older] = await frames(page);
      assert.equal(newer, older, "both stop at the same frame");
      await showing(page, newer, older);
    }
    // To the end: the longer one goes on alone.
    await page.keyboard.press("k");
    await showing(page, ...last);
    await page.getByRole("button", { name: "Play" }).waitFor();
    await closed(page);
  });

  test("apart and together again, with one of both heard", async () => {
    const link = await versions(["steps.mp4", steps("three.mp4", 3.3)], ["steps.mp4", steps("four.mp4", 3.3)]);
    const page = await newPage(browser);
    await page.goto(link.newer);
    const whole = page.locator("[data-testid=player][data-state=whole]");
    await whole.waitFor();
    for (const _ of [1, 2, 3]) await page.keyboard.press(".");
    // It begins where the viewer was.
    await page.getByTestId("compare-open").click();
    await page.getByTestId("compare").waitFor();
    await whole.waitFor();
    await showing(page, 3, 3);
    await page.keyboard.press("Home");
    const last = 98;
    await page.getByTestId("compare-link").click();
    for (const _ of [1, 2]) await page.keyboard.press("Shift+ArrowRight");
    await showing(page, 20, 0);
    await page.getByTestId("compare-link").click();
    await page.keyboard.press("ArrowRight");
    await showing(page, 21, 1);
    await page.getByTestId("apart").getByText("Version 2 is 0.67 s ahead").waitFor();
    // One begins later and ends later; each stays at its first and last frame meanwhile.
    await page.keyboard.press("Home");
    await showing(page, 0, 0);
    await page.keyboard.press("Shift+ArrowRight");
    await showing(page, 10, 0);
    await page.keyboard.press("End");
    await showing(page, last, last);
    await page.keyboard.press("Shift+ArrowLeft");
    await showing(page, last, last - 10);
    // Touched, the other one is what moves alone.
    await page.getByTestId("compare-link").click();
    const track = await page.getByTestId("track-older").getByTestId("player-track").boundingBox();
    await page.mouse.click(track.x + track.width * 0.5, track.y + track.height - 11);
    const [newer, older] = await frames(page);
    assert.ok(newer === last && older > 0 && older < last - 10, `${newer} and ${older}`);
    await page.getByTestId("compare-reset").click();
    await showing(page, older, older);
    assert.equal(await page.getByTestId("apart").count(), 0);

    const muted = () => Promise.all(SIDES.map((side) => page.locator(`[data-testid=pane-${side}] [data-testid=film]`).evaluate((film) => film.muted)));
    assert.deepEqual(await muted(), [false, true]);
    await page.getByTestId("hear-older").click();
    assert.deepEqual(await muted(), [true, false]);
    await page.keyboard.press("m");
    assert.deepEqual(await muted(), [true, true]);

    // The viewer goes on where the comparison was.
    await page.keyboard.press("Escape");
    await page.getByTestId("compare").waitFor({ state: "detached" });
    assert.equal(await page.getByTestId("player-clock").getAttribute("data-frame"), String(older));
    await closed(page);
  });

  test("two recordings of sound, on a phone", async () => {
    const sound = (name, seconds) => make(name, `sine=440:d=${seconds}`);
    const link = await versions(["a.mp3", sound("a.mp3", 4)], ["b.mp3", sound("b.mp3", 5)]);
    const page = await compared(link.newer, PHONE);
    await page.locator("[data-testid=player][data-state=whole]").waitFor();
    assert.equal(await page.getByTestId("sound").count(), 2);
    assert.equal(await page.getByTestId("highlights").count(), 0);
    const track = await page.getByTestId("track-newer").getByTestId("player-track").boundingBox();
    await page.touchscreen.tap(track.x + track.width * 0.5, track.y + track.height - 11);
    const [newer, older] = await frames(page);
    assert.ok(newer === older && Math.abs(newer - 2500) < 60, `${newer} and ${older}`);
    await page.getByTestId("player-play").tap();
    await page.waitForFunction((from) => Number(document.querySelector("[data-testid=at-older]").dataset.frame) > from + 200, older);
    await page.getByTestId("player-play").tap();
    await page.getByTestId("show-older").tap();
    assert.ok(await page.getByTestId("pane-newer").evaluate((pane) => pane.closest("[inert]") !== null));
    await closed(page);
  });

  const site = (word) => zip({
    "index.html": `<!doctype html><html><head><title>${word}</title></head><body><h1>${word}</h1><a id="more" href="about.html">About</a></body></html>`,
    "about.html": `<!doctype html><html><head><title>About</title></head><body><h1>About ${word}</h1></body></html>`,
    "leave.html": `<!doctype html><html><head><title>Leave</title></head><body><script>location.href = "${server.url}/healthz"</script></body></html>`,
  });
  const framed = (page, side) => page.getByTestId(`pane-${side}`).frameLocator("[data-testid=page-frame]");

  test("two bundles run beside each other, each by itself", async () => {
    const link = await versions(["site.zip", site("first")], ["site.zip", site("second")],
      [{ text: "Larger", screen: { width: 390, height: 844, path: "about.html", left: 0, top: 0 },
        markups: [{ kind: "pin", page: 1, points: [[0.5, 0.2]], color: "#e5192d", width: 3, opacity: 1 }] }]);
    const codes = [codeOf(link.newer), codeOf(link.older)];
    await assert.rejects(api.get(`/links/${codes[0]}/compare/${codes[1]}/pages/1/1`), { status: 409 });

    const page = await newPage(browser);
    await page.goto(link.newer);
    await page.frameLocator("[data-testid=page-frame]").getByRole("heading", { name: "second" }).waitFor();
    await page.getByTestId("compare-open").click();
    await framed(page, "newer").getByRole("heading", { name: "second" }).waitFor();
    await framed(page, "older").getByRole("heading", { name: "first" }).waitFor();
    // Nothing that works on pages or films only is offered.
    for (const id of ["mode-side", "highlights", "compare-zoom", "player", "compare-link", "change-next"])
      assert.equal(await page.getByTestId(id).count(), 0, id);
    await framed(page, "newer").locator("#more").click();
    await framed(page, "newer").getByRole("heading", { name: "About second" }).waitFor();
    await framed(page, "older").getByRole("heading", { name: "first", exact: true }).waitFor();
    // Changing sides loads nothing again.
    const left = async (side) => (await page.getByTestId(`pane-${side}`).boundingBox()).x;
    assert.ok((await left("newer")) < (await left("older")));
    await page.getByTestId("compare-swap").click();
    assert.ok((await left("older")) < (await left("newer")));
    await framed(page, "newer").getByRole("heading", { name: "About second" }).waitFor();

    await page.getByTestId("pane-older").getByTestId("frame-mark").click();
    await framed(page, "older").getByRole("heading", { name: "About first" }).waitFor();
    await page.getByTestId("pane-older").getByTestId("pin").waitFor();
    await page.getByTestId("pane-older").getByTestId("pane-comment").getByText("Larger").waitFor();
    assert.deepEqual(page.problems, []);

    // Neither leads its frame out of the bundles.
    const gone = [];
    page.on("request", (request) => { if (request.url().endsWith("/healthz")) gone.push(request.url()); });
    const refused = page.waitForEvent("console", (message) => /frame-src/.test(message.text()));
    await page.getByTestId("pane-newer").getByTestId("page-frame").evaluate((frame) => frame.contentWindow.location.replace(`${frame.src}leave.html`));
    await refused;
    assert.deepEqual(gone, []);
    // First the comment is closed, then the comparison.
    await page.keyboard.press("Escape");
    await page.getByTestId("pane-comment").waitFor({ state: "detached" });
    await page.keyboard.press("Escape");
    await page.getByTestId("compare").waitFor({ state: "detached" });
    await page.frameLocator("[data-testid=page-frame]").getByRole("heading", { name: "second" }).waitFor();
    await page.context().close();
  });

  test("a film beside pages: each with what it has", async () => {
    const link = await versions(["book.pdf", makePdf(3)], ["film.mp4", steps("five.mp4", 3.3)]);
    const page = await compared(link.newer);
    await page.locator("[data-testid=player][data-state=whole]").waitFor();
    for (const id of ["mode-side", "highlights", "compare-link", "change-next", "tab-areas"])
      assert.equal(await page.getByTestId(id).count(), 0, id);
    await page.keyboard.press("k");
    await page.waitForFunction(() => Number(document.querySelector("[data-testid=player-clock]").dataset.frame) > 5);
    await page.keyboard.press("k");
    await page.getByRole("button", { name: "Next page" }).click();
    await page.getByTestId("side-page-older").getByText("2 / 3").waitFor();
    // Arrows are for the side that was touched last.
    await page.keyboard.press("ArrowRight");
    await page.getByTestId("side-page-older").getByText("3 / 3").waitFor();
    assert.deepEqual(page.problems, []);
    await page.keyboard.press("Escape");
    await page.getByTestId("compare").waitFor({ state: "detached" });
    await closed(page);

    // Beside another film they play together; picked again, the pages come back.
    const third = await nextOf(link.second, ["film.mp4", steps("six.mp4", 3.3)]);
    const other = await compared(third.my_link);
    await other.locator("[data-testid=player][data-state=whole]").waitFor();
    await other.keyboard.press(".");
    await showing(other, 1, 1);
    await other.getByTestId("pick-older").selectOption("1");
    await other.getByTestId("side-page-older").getByText("1 / 3").waitFor();
    assert.equal(await other.getByTestId("compare-link").count(), 0);
    await other.getByTestId("pick-older").selectOption("2");
    await other.getByTestId("compare-link").waitFor();
    await other.locator("[data-testid=player][data-state=whole]").waitFor();
    await other.keyboard.press("End");
    await showing(other, 98, 98);
    await closed(other);
  });
});
