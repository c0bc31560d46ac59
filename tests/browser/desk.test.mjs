// C-10: the queue, several tickets at once, a template and a follower, by keyboard alone, with script and without.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { browserStart, demoStart, journal, signIn, windowOpen } from './lib.mjs'

const office = '/o/froid-atlantique'

let browser
before(async () => { browser = await browserStart() })
after(async () => { await browser?.close() })

// Tab until what fits has the focus; back with `key` Shift+Tab.
async function tabTo(page, selector, key = 'Tab') {
    for (let i = 0; i < 250; i++) {
        await page.keyboard.press(key)
        if (await page.evaluate(wanted => document.activeElement?.matches(wanted), selector)) return
    }
    throw new Error(`${key} does not reach ${selector} on ${page.url()}`)
}

async function enter(page) {
    await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')])
}

const done = page => page.locator('.m-note.is-ok').waitFor()
const countOf = async (page, name) => Number((await page.locator('.m-tabs a').filter({ hasText: name }).innerText()).replace(/\D/g, ''))   // none is 0

// Two tickets that nobody has taken, ticked and given to one person.
async function several(page) {
    await page.goto(`${office}/tickets`)
    await tabTo(page, '.m-tabs a[href$="view=free"]')
    await enter(page)
    assert.equal(new URL(page.url()).search, '?view=free')
    const before = await countOf(page, 'Non affectés')
    await tabTo(page, '[name="act"][value="assign"]')
    await enter(page)
    await page.locator('#errors').waitFor()
    assert.match(await page.innerText('#errors'), /Cochez d’abord/)
    assert.equal(await page.evaluate(() => document.activeElement.id), 'errors')
    await tabTo(page, '[name="ticket_ids"]')
    const names = [await page.evaluate(() => document.activeElement.getAttribute('aria-label'))]
    await page.keyboard.press('Space')
    await tabTo(page, '[name="ticket_ids"]')
    names.push(await page.evaluate(() => document.activeElement.getAttribute('aria-label')))
    await page.keyboard.press('Space')
    await tabTo(page, '#bulk-member')
    await page.keyboard.type('Yann')
    await tabTo(page, '[name="act"][value="assign"]')
    await enter(page)
    await done(page)
    assert.equal(new URL(page.url()).searchParams.get('view'), 'free')
    assert.equal(await countOf(page, 'Non affectés'), before - 2)
    for (const name of names) assert.equal(await page.getByRole('checkbox', { name, exact: true }).count(), 0)
}

// The first ticket of one's own, answered from a template, followed by one more.
async function answer(page) {
    await page.goto(`${office}/tickets?view=mine`)
    await tabTo(page, 'tbody th a')
    const title = await page.evaluate(() => document.activeElement.innerText)
    await enter(page)
    assert.equal(await page.innerText('h1'), title)
    await tabTo(page, '#template')
    await page.keyboard.type('Clôture')
    await tabTo(page, 'button[form="template-pick"]')
    await enter(page)
    const plain = text => text.replace(/\s/g, ' '), written = plain(await page.inputValue('#f-body'))
    assert.ok(written.includes(`« ${plain(title)} »`) && written.includes('Sabine Cozic') && !/[{}]/.test(written), written)
    await tabTo(page, '#f-body')
    await page.keyboard.press('Control+End')
    await page.keyboard.type('Belle journée à vous.')
    await tabTo(page, 'button[name="kind"][value="answer"]')
    await enter(page)
    await done(page)
    assert.ok((await page.locator('.m-msg').last().innerText()).includes('Belle journée à vous.'))
    assert.equal(await page.inputValue('#f-body'), '')
}

async function followers(page) {
    await tabTo(page, '#side-follower')
    await page.keyboard.press('ArrowDown')
    const name = await page.locator('#side-follower option:checked').innerText()
    await tabTo(page, 'form[action$="/followers"] button')
    await enter(page)
    await done(page)
    const row = page.getByRole('region', { name: 'Qui suit ce ticket' }).getByRole('listitem').filter({ hasText: name })
    assert.equal(await row.count(), 1)
    await tabTo(page, '#side-tie')
    await page.keyboard.type('T-9999999')
    await tabTo(page, '[name="relation"][value="related"]')
    await enter(page)
    assert.match(await page.innerText('#errors'), /pas de ticket de ce numéro/)
    assert.equal(await page.inputValue('#side-tie'), 'T-9999999')
    await tabTo(page, `form[action="${await row.locator('form').getAttribute('action')}"] button`)
    await enter(page)
    await done(page)
    assert.equal(await row.count(), 0)
}

test('C-10, X-7: the queue, a template, several at once and a follower by keyboard alone', { timeout: 300000 }, async () => {
    const demo = await demoStart()
    try {
        for (const js of [true, false]) {
            const { page, context, faults } = await windowOpen(browser, demo, { js })
            await signIn(page, 'froid-admin')
            await several(page)
            await answer(page)
            await followers(page)
            assert.deepEqual(faults, [])
            await context.close()
        }
        assert.equal((await journal(demo)).faults, 0)
    } finally {
        await demo.stop()
    }
})

test('C-10, X-7: on a phone the queue names the client, who has it and since when, and its ticks change it', { timeout: 120000 }, async () => {
    const demo = await demoStart()
    try {
        const { page, context, faults } = await windowOpen(browser, demo, { js: false, width: 390 })
        await signIn(page, 'froid-admin')
        await page.goto(`${office}/tickets`)
        const row = page.locator('tbody tr').filter({ hasText: 'Chambre froide négative' }).first()
        for (const part of ['Hôtel Bellerive', 'En cours', 'Urgente', /En retard|Aujourd’hui/, 'Sabine Cozic']) assert.ok(await row.getByText(part).first().isVisible(), part)
        assert.ok((await row.boundingBox()).height < 250)
        await row.getByRole('checkbox').check()
        await page.selectOption('#bulk-priority', { label: 'Haute' })
        await page.click('[name="act"][value="priority"]')
        await done(page)
        assert.ok(await row.getByText('Haute').isVisible())
        assert.deepEqual(faults, [])
        await context.close()
    } finally {
        await demo.stop()
    }
})
