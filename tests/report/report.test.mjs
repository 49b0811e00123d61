// report.test.mjs: the report in a real browser: it sorts, its maps open, it says nothing on the console, asks no network, fits a phone, prints.
// REPORT: the page. SHOTS: a folder for screenshots, for people to look at; none without it.
import { test, before, after } from "node:test";
import assert from "node:assert/strict";
import { statSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL, fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const page_file = resolve(process.env.REPORT);
const url = pathToFileURL(page_file).href;
const profile = mkdtempSync(join(tmpdir(), "switchlab-report-"));
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
let context, page;
const said = [], asked = [];

before(async () => {
  context = await chromium.launchPersistentContext(profile, { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true, args: flags, viewport: { width: 1200, height: 900 } });
  page = await context.newPage();
  page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("request", (request) => { if (!request.url().startsWith("data:")) asked.push(request.url()); });
  await page.goto(url);
});
after(async () => {
  await context?.close();
  rmSync(profile, { recursive: true, force: true });
});

async function shot(name) {
  if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `${name}.png`), fullPage: false });
}

test("the page is smaller than 1 MiB", () => {
  assert.ok(statSync(page_file).size < 1 << 20);
});

test("a heading sorts its table by number, both ways", async () => {
  const table = page.locator("#results table.sortable").first();
  const column = await table.locator("thead th").evaluateAll((all) => all.findIndex((th) => th.textContent.startsWith("instructions")));
  assert.ok(column > 0, "there is a column of instructions");
  const values = () => table.locator("tbody tr").evaluateAll((rows, c) => rows.map((row) => Number(value(row.cells[c]))), column);
  const before = await values();
  const heading = table.locator("thead th").nth(column);
  await heading.locator("button").click();
  const figures = (list) => list.filter((v) => !Number.isNaN(v)), none = (list) => list.filter(Number.isNaN).length;
  const up = await values();
  assert.deepEqual(figures(up), figures(before).sort((a, b) => a - b));
  assert.equal(none(up.slice(0, up.length - none(up))), 0, "rows without a figure are last");
  assert.equal(await heading.getAttribute("aria-sort"), "ascending");
  await heading.locator("button").click();
  assert.deepEqual(figures(await values()), figures(up).reverse());
  assert.equal(await heading.getAttribute("aria-sort"), "descending");
});

test("a heading sorts by text too", async () => {
  const table = page.locator("#results table.sortable").first();
  await table.locator("thead th button").first().click();
  const names = await table.locator("tbody th").allTextContents();
  assert.deepEqual(names, [...names].sort((a, b) => a.localeCompare(b, "en", { numeric: true })));
});

test("machines stand side by side: a column each, with its name, its fingerprint and how its figures were obtained", async () => {
  const table = page.locator("#machines details", { hasText: "pingpong: toy on native" }).locator("table", { has: page.locator("caption", { hasText: /^ns$/ }) });
  const headings = await table.locator("thead th.n").allTextContents();
  assert.equal(headings.length, 2);
  for (const [name, fingerprint] of [["Another CPU", "maker-another-cpu-25.17.1-8cores-16gib"], ["CPU 9", "maker-cpu-9-25.17.1-8cores-16gib"]]) {
    const heading = headings.findIndex((text) => text.includes(name));
    assert.ok(heading >= 0, name);
    assert.ok(headings[heading].includes(fingerprint));
    assert.ok(headings[heading].endsWith("measured"), headings[heading]);
    // the same figures as in this machine's own table: nothing is put together
    const beside = await table.locator("tbody tr").evaluateAll((rows, h) => rows.map((row) => [row.cells[0].textContent.split(" ")[0], [...row.cells].filter((c) => c.className === "n")[h]].map((c) => c.dataset ? value(c) : c)), heading);
    const own = await page.locator("#results details", { hasText: fingerprint }).locator("table").first().evaluate((t) => {
      const column = [...t.tHead.rows[0].cells].findIndex((th) => th.textContent.startsWith("ns"));
      return [...t.tBodies[0].rows].map((row) => [row.cells[0].textContent, value(row.cells[column])]);
    });
    assert.deepEqual(beside.sort(), own.sort());
  }
});

test("counts of several machines are listed where they differ", async () => {
  const part = page.locator("#machines details", { hasText: "pingpong: toy on native" });
  assert.match(await part.textContent(), /instructions \(counted\): 1 of 2 cells that several machines have differ\./);
  const table = part.locator("table", { has: page.locator("caption", { hasText: "instructions" }) });
  assert.deepEqual(await table.locator("tbody tr").evaluateAll((rows) => rows.map((row) => [...row.cells].map((c) => c.textContent.trim()))),
    [["full jmp full", "51", "49"]]);
  assert.ok((await table.locator("thead th.n").first().textContent()).endsWith("counted"));
});

test("a column of a machine sorts", async () => {
  const table = page.locator("#machines table.sortable").first();
  const heading = table.locator("thead th.n").first();
  const values = () => table.locator("tbody tr").evaluateAll((rows) => rows.map((row) => Number(value(row.querySelector("td.n")))));
  await heading.locator("button").click();
  const up = await values();
  assert.ok(up.length > 1);
  assert.deepEqual(up, [...up].sort((a, b) => a - b));
  await heading.locator("button").click();
  assert.deepEqual(await values(), up.reverse());
});

test("maps that two machines share are drawn once", async () => {
  assert.match(await page.locator("#maps").textContent(), /The same \d+ maps, cell by cell, as of \d: /);
});

test("a row of the summary and of the trend says of which machine it is", async () => {
  const summary = await page.locator("#summary tbody td:first-child").allTextContents();
  assert.equal(new Set(summary).size, summary.length, "no two rows have one name");
  for (const row of await page.locator("#trend tbody th").allTextContents()) assert.match(row, / \d: (Another CPU|CPU 9)$/);
});

test("a cell of a map says which registers an interrupt there loses", async () => {
  const maps = page.locator("svg.map");
  const number = await maps.evaluateAll((all) => all.findIndex((map) => map.dataset.outcomes.includes("x")));
  assert.ok(number >= 0, "a map has a corrupted boundary");
  const map = maps.nth(number), panel = map.locator("xpath=..").locator(".cell");
  await map.evaluate((m) => { m.parentNode.open = true; });
  const { at, across } = await map.evaluate((m) => ({ at: m.dataset.outcomes.indexOf("x"), across: Number(m.dataset.across) }));
  await map.scrollIntoViewIfNeeded();
  const box = await map.boundingBox(), size = box.width / across;
  await page.mouse.click(box.x + ((at % across) + 0.5) * size, box.y + (Math.floor(at / across) + 0.5) * size);
  assert.match(await panel.textContent(), new RegExp(`^Boundary ${at}, before .+: registers lost: \\S+`));
  assert.equal(await map.locator(".chosen").count(), 1);
  await shot("map");
});

test("the arrow keys walk over a map", async () => {
  const map = page.locator("details[open] > svg.map").first(), panel = map.locator("xpath=..").locator(".cell");
  await map.focus();
  await map.evaluate((m) => { m.chosen = undefined; });
  await page.keyboard.press("Enter");
  assert.match(await panel.textContent(), /^Boundary 0\b/);
  await page.keyboard.press("ArrowRight");
  assert.match(await panel.textContent(), /^Boundary 1\b/);
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  assert.match(await panel.textContent(), /^Boundary 0\b/, "the edge holds");
});

test("a change point names its commits", async () => {
  const rows = page.locator("#trend table tbody tr");
  assert.ok((await rows.count()) > 0);
  assert.match(await rows.first().textContent(), /\w+\.\.\w+/);
  assert.ok((await page.locator("#trend svg .change").count()) > 0);
});

test("every link to a record and within the page leads somewhere", async () => {
  const records = await page.locator("#records td a").evaluateAll((all) => all.map((a) => a.href));
  assert.ok(records.length > 0);
  for (const record of records) assert.ok(existsSync(fileURLToPath(record)), record);
  const inside = await page.locator("a[href^='#']").evaluateAll((all) => all.map((a) => a.getAttribute("href")));
  for (const id of inside) assert.equal(await page.locator(id).count(), 1, id);
});

test("every figure is drawn", async () => {
  const widths = await page.locator("figure img").evaluateAll((all) => all.map((i) => i.naturalWidth));
  assert.ok(widths.every((w) => w > 0));
});

for (const scheme of ["light", "dark"])
  test(`text can be read, ${scheme}`, async () => {
    await page.emulateMedia({ colorScheme: scheme });
    const contrasts = await page.evaluate(() => {
      const rgb = (c) => c.match(/[\d.]+/g).slice(0, 3).map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
      const light = ([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
      const contrast = (a, b) => { const [x, y] = [light(rgb(a)), light(rgb(b))].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
      const back = getComputedStyle(document.body).backgroundColor;
      return [".note", "small", "a", ".kind.pip", ".kind.scratch", ".kind.full", ".check.pass", "#trend td.bad", ".beside thead small", "body"]
        .map((s) => [s, document.querySelector(s)]).filter(([, e]) => e).map(([s, e]) => [s, contrast(getComputedStyle(e).color, back)]);
    });
    for (const [what, ratio] of contrasts) assert.ok(ratio >= 4.5, `${what}: contrast ${ratio.toFixed(2)}`);
    for (const part of ["summary", "results", "machines", "figures", "maps", "trend"]) {
      await page.locator(`#${part}`).evaluate((e) => e.scrollIntoView());
        await shot(`${scheme}-${part}`);
    }
  });

test("it fits a phone: the page itself does not scroll sideways", async () => {
  await page.setViewportSize({ width: 360, height: 740 });
  const { wide, view } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, view: innerWidth }));
  assert.ok(wide <= view, `${wide} > ${view}`);
  for (const part of ["summary", "results", "machines", "maps", "trend"]) {
    await page.locator(`#${part}`).evaluate((e) => e.scrollIntoView());
    await shot(`phone-${part}`);
  }
  await page.setViewportSize({ width: 1200, height: 900 });
});

test("in print nothing is folded, and it is folded again afterwards", async () => {
  const folded = () => page.locator("details:not([open])").count();
  const was = await folded();
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  assert.equal(await folded(), 0);
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  assert.equal(await folded(), was);
  const pdf = await page.pdf({ path: process.env.SHOTS ? join(process.env.SHOTS, "print.pdf") : undefined, format: "A4" });
  assert.ok(pdf.length > 10000);
});

test("it said nothing on the console and asked for nothing but itself", () => {
  assert.deepEqual(said, []);
  assert.deepEqual([...new Set(asked)], [url]);
});
