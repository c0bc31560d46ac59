// L-1, L-8: a secure link from the client's sheet to the customer's browser: opened twice by a scanner that runs scripts, which counts nothing, then by the
// customer; without JavaScript by pasting; and its secret in no address that leaves the browser.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { browserStart, demoStart, picture, signIn, windowOpen } from './lib.mjs'

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const office = '/o/froid-atlantique'
let browser, demo, admin
before(async () => {
    demo = await demoStart()
    browser = await browserStart()
    admin = await windowOpen(browser, demo)
    await signIn(admin.page, 'froid-admin')
})
after(async () => {
    await browser?.close()
    await demo?.stop()
})

// « Client → Liste », the name, « Détails », « Lien sécurisé »; the address as it is shown.
async function linkMake() {
    const { page } = admin
    await page.goto(`${office}/clients?search=bellerive`)
    await page.getByRole('link', { name: 'Hôtel Bellerive' }).first().click()
    await page.getByRole('link', { name: 'Détails', exact: true }).click()
    await page.getByRole('link', { name: 'Lien sécurisé' }).first().click()
    await page.locator('dialog').getByRole('button', { name: 'Créer le lien' }).click()
    await page.waitForURL(/\/links\/\d+/)
    await page.getByRole('button', { name: 'Copier' }).waitFor()
    const address = await page.locator('.m-copy').first().inputValue()
    assert.match(address, /\/l\/\d+#[\w-]{32}$/)
    return { address, id: address.match(/\/l\/(\d+)/)[1], secret: address.split('#')[1] }
}

async function linkRow(id) {
    const answer = await admin.page.request.get(`${office}/links/${id}.json`)
    assert.equal(answer.status(), 200)
    return answer.json()
}

// What leaves the browser, but for the one form that opens.
function addressesWatch(page, secret) {
    const leaks = []
    page.on('request', async request => {
        const headers = JSON.stringify(await request.allHeaders().catch(() => request.headers()))
        if (request.url().split('#')[0].includes(secret) || headers.includes(secret)) leaks.push(request.url())
        if (request.postData()?.includes(secret) && !request.url().endsWith('/open')) leaks.push(`${request.url()} in its body`)
    })
    return leaks
}

async function sound(page, name) {
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    assert.ok(over <= 0, `${name} scrolls sideways by ${over} px`)
    await page.evaluate(axe)
    const found = await page.evaluate(async () => (await window.axe.run(document, { resultTypes: ['violations'], preload: false })).violations
        .map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)}`))
    assert.deepEqual(found, [], name)
}

test('L-8: a scanner with JavaScript counts nothing, the customer opens, and nothing carries the secret', { timeout: 120000 }, async () => {
    const link = await linkMake()
    const scanner = await windowOpen(browser, demo)
    for (let i = 0; i < 2; i++) {
        await scanner.page.goto('about:blank')
        await scanner.page.goto(link.address)
        await scanner.page.waitForLoadState('networkidle')
    }
    assert.equal((await linkRow(link.id)).link.openings, 0)
    await scanner.context.close()

    const customer = await windowOpen(browser, demo, { width: 390, scheme: 'dark' }), { page } = customer
    const leaks = addressesWatch(page, link.secret)
    await page.goto(link.address)
    await page.getByText('Froid Atlantique').first().waitFor()
    assert.ok(!page.url().includes('#'), 'the secret leaves the address bar')
    assert.equal(await page.locator('[data-door-paste]').isVisible(), false)
    await sound(page, 'the door')
    await picture(page, 'link-door')
    await page.getByRole('button', { name: 'Ouvrir' }).click()
    await page.waitForURL(`**/l/${link.id}/jobs`)
    await page.getByText('Ouvert par un lien sécurisé').waitFor()
    await sound(page, 'behind the door')
    assert.equal((await linkRow(link.id)).link.openings, 1)
    await page.goto('about:blank')
    await page.goto(link.address)       // again, while it is open: on to the pages, and out of the address bar too
    await page.waitForURL(url => url.pathname === `/l/${link.id}/jobs`)
    assert.ok(!page.url().includes(link.secret))
    assert.equal((await linkRow(link.id)).link.openings, 1)
    assert.deepEqual(leaks, [])

    await admin.page.goto(`${office}/links/${link.id}`)
    await admin.page.getByRole('button', { name: /^Suspendre/ }).click()
    await admin.page.getByText('Suspendu').first().waitFor()
    await page.reload()
    await page.waitForURL(`**/l/${link.id}`)
    await page.goto('about:blank')
    await page.goto(link.address)
    await page.getByRole('button', { name: 'Ouvrir' }).click()
    await page.getByText('a suspendu ce lien').waitFor()
    await sound(page, 'a paused link')
    assert.deepEqual(customer.faults, [])
    await customer.context.close()
})

test('L-8: without JavaScript the whole address is pasted', { timeout: 120000 }, async () => {
    const link = await linkMake()
    const { page, context, faults } = await windowOpen(browser, demo, { js: false, width: 390 })
    await page.goto(`/l/${link.id}`)
    await page.getByLabel('Adresse complète du lien').fill(link.address)
    await page.getByRole('button', { name: 'Ouvrir' }).click()
    await page.waitForURL(`**/l/${link.id}/jobs`)
    await page.getByRole('button', { name: /^Fermer/ }).first().click()
    await page.waitForURL(new RegExp(`/l/${link.id}\\?notice=link_closed`))
    await page.getByLabel('Adresse complète du lien').fill(`${link.address.slice(0, -3)}abc`)
    await page.getByRole('button', { name: 'Ouvrir' }).click()
    await page.getByRole('heading', { name: 'Ce lien ne s’ouvre pas' }).waitFor()
    await page.getByLabel('Votre nom').fill('Claire Delmas')
    await page.getByLabel('Votre e-mail').fill('claire.delmas@bellerive.example')
    await page.getByRole('button', { name: 'Demander un nouveau lien' }).click()
    await page.getByText('qui l’a donné en est prévenu').waitFor()
    assert.deepEqual(faults, [])
    await context.close()
})
