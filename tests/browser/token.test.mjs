// a token from its page to its end, over HTTP, without JavaScript; its pages under axe, in both languages, on a phone.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { browserStart, demoStart, get, journal, picture, signIn, windowOpen } from './lib.mjs'

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const tickets = '/api/1/p/froid-atlantique/tickets'
let browser, demo
before(async () => {
    demo = await demoStart()
    browser = await browserStart()
})
after(async () => {
    await browser?.close()
    await demo?.stop()
})

async function tokenMake(page, name) {
    await page.goto('/account/tokens/new?space=p/froid-atlantique')
    await page.fill('[name="name"]', name)
    await page.check('[name="may_ticket_read"]')
    await page.click('main form button[type="submit"]')
    return page.inputValue('#token-secret')
}

test('X-3: made, used, revoked, without script', { timeout: 120000 }, async () => {
    const { page, context } = await windowOpen(browser, demo, { js: false, width: 390 })
    await signIn(page, 'contact')
    const secret = await tokenMake(page, 'Lecture du soir')
    assert.match(secret, /^mdt_[A-Za-z0-9_-]{43}$/)
    const bearer = { Authorization: `Bearer ${secret}`, 'Accept-Language': 'en' }
    const list = await get(demo, tickets, bearer)
    assert.equal(list.status, 200)
    assert.match(list.headers['content-type'], /^application\/json/)
    assert.ok(JSON.parse(list.text).tickets.length > 0)
    const other = await get(demo, '/api/1/p/hexanode/tickets', bearer)
    assert.equal(other.status, 404)
    assert.match(other.headers['content-type'], /^application\/problem\+json/)
    await page.goto('/account/tokens')
    assert.ok(!(await page.content()).includes(secret))
    await page.click('text=Révoquer')
    const gone = await get(demo, tickets, bearer)
    assert.equal(gone.status, 401)
    assert.match(gone.headers['www-authenticate'], /^Bearer .*invalid_token/)
    assert.equal(JSON.parse(gone.text).title, 'Sign in first.')
    assert.equal((await journal(demo)).faults, 0)
    await context.close()
})

for (const lang of ['fr', 'en']) {
    test(`X-3: the pages of tokens, ${lang}`, { timeout: 120000 }, async () => {
        const { page, context, faults } = await windowOpen(browser, demo, { lang, width: 320, scheme: lang === 'fr' ? 'light' : 'dark' })
        const look = async name => {
            const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
            assert.ok(over <= 0, `${name} scrolls sideways by ${over} px`)
            await page.evaluate(axe)
            const found = await page.evaluate(async () => (await window.axe.run(document, { resultTypes: ['violations'], preload: false })).violations
                .map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)}`))
            assert.deepEqual(found, [], name)
            await picture(page, `token-${name}-${lang}`)
        }
        await signIn(page, 'contact')
        await page.goto('/account/tokens')
        await look('none')
        await tokenMake(page, 'Essai')
        await look('created')
        await page.goto('/account/tokens')
        await look('list')
        await page.goto('/account/tokens/new?space=p/froid-atlantique')
        await look('new')
        await page.fill('[name="name"]', 'Sans droit')
        await page.click('main form button[type="submit"]')
        await look('refused')
        await page.goto('/account/tokens')
        await page.click(`text=${lang === 'fr' ? 'Révoquer' : 'Revoke'}`)
        await look('revoked')
        assert.deepEqual(faults, [])
        await context.close()
    })
}
