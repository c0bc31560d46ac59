// a CSV file brought in and a list written out, without JavaScript, on a phone; the pages under axe.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { browserStart, demoStart, picture, signIn, windowOpen } from './lib.mjs'

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const office = '/o/froid-atlantique'
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
let browser, demo
before(async () => {
    demo = await demoStart()
    browser = await browserStart()
})
after(async () => {
    await browser?.close()
    await demo?.stop()
})

const file = { name: 'clients.csv', mimeType: 'text/csv', buffer: Buffer.from('N° client;Nom;SIREN;Ville\nZ-1;Fumoir du Large;;Paimpol\nZ-2;Faux;123456789;Brest\n') }

// Until the page, which comes again by itself, says so.
async function until(page, text) {
    await page.getByText(text).first().waitFor({ timeout: 20000 })
}

test('X-4: looked at, then the good rows brought in, without script', { timeout: 120000 }, async () => {
    const { page, context, faults } = await windowOpen(browser, demo, { js: false, width: 390 })
    await signIn(page, 'froid-admin')
    await page.goto(`${office}/clients`)
    await page.click('main a[href$="/clients/import"]')
    await page.setInputFiles('[name="files"]', file)
    await page.click('main form button[type="submit"]')
    await until(page, 'Importer les lignes correctes')
    assert.match(await page.textContent('main'), /Ce numéro SIREN n’existe pas/)
    await page.click('button[value="good"]')
    await until(page, 'Créées')
    await page.goto(`${office}/clients?search=fumoir`)
    assert.match(await page.textContent('main'), /Fumoir du Large/)
    await page.click('main form[action$="/exports"] button')
    await until(page, 'Télécharger')
    assert.deepEqual(faults, [])
    await context.close()
})

test('X-4: the pages are clean for axe, in both languages, down to 320 px', { timeout: 120000 }, async () => {
    for (const lang of ['fr', 'en']) {
        const { page, context } = await windowOpen(browser, demo, { width: lang === 'fr' ? 1280 : 320, lang, scheme: lang === 'fr' ? 'light' : 'dark' })
        await signIn(page, 'froid-admin')
        await page.goto(`${office}/clients/import`)
        const run = await page.getAttribute('main a[href*="/imports/"]', 'href')
        for (const address of [`${office}/clients/import`, run, `${office}/exports`, `${office}/contacts?orphans=1`]) {
            await page.goto(address)
            await page.evaluate(axe)
            const found = await page.evaluate(async runOnly => (await window.axe.run(document, { runOnly, resultTypes: ['violations'], preload: false })).violations
                .map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)}`), rules)
            const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
            assert.deepEqual([address, found, over], [address, [], 0])
            await picture(page, `transfer-${lang}-${address.split('/').slice(3, 5).join('-').replace(/\W/g, '-')}`)
        }
        await context.close()
    }
})
