// C-1: « Gestion des données personnelles » and « Accès aux factures » as the sheet has them: a double click turns Non into a box, ticking
// opens the window of C-2, unticking and leaving asks to withdraw; by mouse, by keyboard alone, and without JavaScript. Each time what
// the contact then sees at the portal. (« Gestion des tickets »: story.test.mjs.)
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { browserStart, demoStart, lastMail, picture, signIn, windowOpen } from './lib.mjs'

const colleagueEmail = 'bruno.aubry@bellerive.example'
const portal = '/p/froid-atlantique', office = '/o/froid-atlantique'
const secret = 'quatre canots et un phare'
const parts = [
    { label: 'Gestion des données personnelles', word: 'personal', place: 'Mes données', seen: /Mes données personnelles/ },
    { label: 'Accès aux factures', word: 'invoices', place: 'Factures', seen: /Aucune facture pour le moment/ },
]

let browser
before(async () => { browser = await browserStart() })
after(async () => { await browser?.close() })

const value = (page, part) => page.locator('.m-edit').filter({ hasText: part.label })
const chip = (page, part) => value(page, part).locator('.m-chip')

async function contactFind(page) {
    await page.goto(`${office}/contacts?search=aubry`)
    await page.getByRole('link', { name: 'Bruno Aubry' }).first().click()
    await page.waitForURL(/\/contacts\/\d+/)
}

async function tabTo(page, locator) {
    for (let i = 0; i < 80; i++) {
        await page.keyboard.press('Tab')
        if (await locator.evaluate(node => node === document.activeElement)) return
    }
    throw new Error(`Tab does not reach it on ${page.url()}`)
}

// The window of C-2 or the page that is the same: its one button.
const ways = {
    mouse: {
        js: true,
        async give(page, part) {
            await value(page, part).locator('[data-edit]').dblclick()
            await value(page, part).locator('input[type="checkbox"]').check()
            await page.locator('dialog[open]').getByRole('button', { name: 'Donner Accès' }).click()
        },
        async end(page, part) {
            await value(page, part).locator('[data-edit]').dblclick()
            await value(page, part).locator('input[type="checkbox"]').uncheck()
            await page.locator('h1').click()                               // leaving it
            await page.locator('dialog[open]').getByRole('button', { name: 'Retirer l’accès' }).click()
        },
    },
    keyboard: {
        js: true,
        async press(page, part, name) {
            await tabTo(page, value(page, part).locator('a[href]'))
            await page.keyboard.press('Enter')
            await page.locator('dialog[open]').waitFor()
            await tabTo(page, page.locator('dialog[open]').getByRole('button', { name }))
            await page.keyboard.press('Enter')
        },
        async give(page, part) { await this.press(page, part, 'Donner Accès') },
        async end(page, part) { await this.press(page, part, 'Retirer l’accès') },
    },
    plain: {
        js: false,
        async press(page, part, name) {
            await value(page, part).locator('a[href]').click()
            await page.waitForURL(new RegExp(`/access/${part.word}$`))
            await page.locator('main').getByRole('button', { name }).click()
        },
        async give(page, part) { await this.press(page, part, 'Donner Accès') },
        async end(page, part) { await this.press(page, part, 'Retirer l’accès') },
    },
}

async function passwordSet(page, link) {
    await page.goto(link)
    const boxes = page.locator('main input[type="password"]')
    for (let i = 0; i < await boxes.count(); i++) await boxes.nth(i).fill(secret)
    await page.locator('main form button[type="submit"]').first().click()
    await page.waitForURL(url => url.pathname.startsWith(portal) && !url.pathname.endsWith('/sign-in'))
}

async function partSeen(page, part, is_there) {
    const answer = await page.goto(`${portal}/${part.word}`)
    assert.equal(answer.status(), is_there ? 200 : 403)
    if (!is_there) return
    assert.match(await page.locator('main').innerText(), part.seen)
    assert.ok(await page.getByRole('link', { name: part.place }).count() > 0, `${part.place} stands in the bar`)
}

for (const [name, way] of Object.entries(ways)) {
    test(`C-1: personal data and invoices given and withdrawn, ${name}`, { timeout: 90000 }, async () => {
        const demo = await demoStart()
        try {
            const staff = await windowOpen(browser, demo, { js: way.js }), contact = await windowOpen(browser, demo, { js: way.js })
            await signIn(staff.page, 'froid-admin')
            await contactFind(staff.page)
            for (const part of parts) {
                assert.match(await chip(staff.page, part).innerText(), /Non/)
                await way.give(staff.page, part)
                await chip(staff.page, part).filter({ hasText: 'Oui' }).waitFor()
                if (part === parts[0]) {
                    const invited = await lastMail(demo, colleagueEmail)
                    await passwordSet(contact.page, invited.links.find(url => url.includes('/account/password/')))
                    await partSeen(contact.page, parts[1], false)
                }
                await partSeen(contact.page, part, true)
            }
            await picture(staff.page, `access-sheet-${name}`)
            await partSeen(contact.page, { word: 'tickets' }, false)
            await way.end(staff.page, parts[0])
            await chip(staff.page, parts[0]).filter({ hasText: 'Non' }).waitFor()
            await partSeen(contact.page, parts[0], false)
            await partSeen(contact.page, parts[1], true)
            assert.deepEqual([...staff.faults, ...contact.faults], [])
        } finally {
            await demo.stop()
        }
    })
}
