// The story of support by consent, mails included (S-4, S-5, S-6, S-8, S-11, S-14): asked for, agreed to, inside, out; with script and without,
// by who is signed in and by the code in the mailbox. And again for a second collaborator, who needs consent anew (S-10). How an organization becomes a
// dossier, and whose brand it wears then (S-15).
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { browserStart, demoStart, journal, lastMail, mails, picture, signIn, windowOpen } from './lib.mjs'

const dossiers = '/partner/cabinet-lanterne/dossiers', nadia = 'nadia.ferrand@tivoli.example'
const views = [{ width: 1280, scheme: 'light' }, { width: 390, scheme: 'light' }, { width: 1280, scheme: 'dark' }]
const title = 'Demande d\'accès à votre compte pour l\'assistance'

let browser
before(async () => { browser = await browserStart() })
after(async () => { await browser?.close() })

// The administrator of the partner asks for a collaborator at « Boulangerie Tivoli ».
async function ask(page, collaborator, reason) {
    await page.goto(`${dossiers}?search=tivoli`)
    await page.getByRole('link', { name: 'Boulangerie Tivoli' }).first().click()
    await page.waitForURL(/\/dossiers\/\d+$/)
    await page.selectOption('[name="member_id"]', { label: collaborator })
    await page.selectOption('[name="hours"]', '168')
    await page.locator('form[action$="/ask"] [name="reason"]').fill(reason)
    await page.getByRole('button', { name: 'Envoyer la demande' }).click()
    await page.locator('.m-note.is-ok').waitFor()
    return new URL(page.url()).pathname
}

const letter = async (demo, name) => {
    const mail = await lastMail(demo, nadia, found => found.subject === title && found.text.includes(name))
    return { mail, link: mail.links.find(link => link.includes('/account/support/')) }
}

async function story(t, js) {
    const demo = await demoStart(), all = []
    const open = async persona => {
        const window = await windowOpen(browser, demo, { js })
        all.push(window)
        if (persona) await signIn(window.page, persona)
        return window.page
    }
    try {
        const partner = await open('partner-admin'), support = await open('support'), client = await open()
        let dossier
        await t.test('S-4 S-5: asked for; the mail names the partner in full', async () => {
            dossier = await ask(partner, 'Inès Rolland', 'Écart de TVA d’octobre')
            const { mail } = await letter(demo, 'Inès Rolland')
            for (const part of ['Cabinet Lanterne SARL', '27 rue du Phare', 'SIREN', '02 61 91 77 30', 'OUI, J\'AUTORISE L\'ACCÈS']) assert.ok(mail.text.includes(part), part)
            await support.goto(dossier)
            assert.equal(await support.getByRole('button', { name: /Ouvrir l’espace/ }).count(), 0)     // S-8
            assert.equal((await support.goto('/o/boulangerie-tivoli/clients')).status(), 404)
        })
        await t.test('S-6: opened by a scanner nothing is granted; the code of the mailbox grants', async () => {
            const { link } = await letter(demo, 'Inès Rolland')
            for (let i = 0; i < 2; i++) await client.goto(link)
            await picture(client, `consent-${js ? 'js' : 'nojs'}`, js ? views : [null])
            await client.setViewportSize({ width: 1280, height: 900 })
            assert.equal(await client.getByRole('button', { name: 'OUI, J\'AUTORISE L\'ACCÈS' }).count(), 0)      // nobody is proved yet
            await client.getByRole('button', { name: 'Recevoir un code par e-mail' }).click()
            const coded = await lastMail(demo, nadia, mail => /\b\d{6}\b/.test(mail.text) && mail.subject.includes('code'))
            await client.locator('form.m-deed [name="code"]').fill(coded.text.match(/\b\d{6}\b/)[0])
            await client.selectOption('[name="hours"]', '24')
            await client.getByRole('button', { name: 'OUI, J\'AUTORISE L\'ACCÈS' }).click()
            await client.getByRole('heading', { name: 'Cette demande n’attend plus de réponse' }).waitFor()
            await lastMail(demo, 'ines.rolland@lanterne.example', mail => mail.subject.startsWith('Accès accordé'))
        })
        await t.test('S-8 S-14: in with one click and a reason; the banner; out again', async () => {
            const watcher = await open('tivoli-admin'), line = watcher.getByText('Inès Rolland (Cabinet Lanterne) est dans votre espace depuis')
            await watcher.goto('/o/boulangerie-tivoli/clients')
            const looked = () => js ? watcher.evaluate(() => document.dispatchEvent(new Event('visibilitychange'))) : watcher.reload()
            assert.equal(await line.count(), 0)
            await support.goto(dossier)
            await support.locator('form[action$="/enter"] [name="reason"]').fill('Écart de TVA d’octobre')
            await support.getByRole('button', { name: /Ouvrir l’espace/ }).click()
            await support.waitForURL(/\/o\/boulangerie-tivoli/)
            assert.match(await support.locator('.m-banner').innerText(), /Vous agissez pour[\s\S]*Inès Rolland/)
            await picture(support, `banner-${js ? 'js' : 'nojs'}`, js ? views : [null])
            await support.setViewportSize({ width: 1280, height: 900 })
            assert.equal((await support.goto('/o/boulangerie-tivoli/members')).status(), 403)           // S-7
            assert.equal((await support.goto('/o/boulangerie-tivoli/clients')).status(), 200)
            await lastMail(demo, nadia, mail => mail.subject.includes('est dans votre espace'))
            await looked()                                  // what a page does by itself every 20 s, at once
            await line.waitFor()
            await picture(watcher, `live-${js ? 'js' : 'nojs'}`, js ? views : [null])
            await watcher.setViewportSize({ width: 1280, height: 900 })
            assert.match(await watcher.locator('.m-here a').first().getAttribute('href'), /\/support\/sessions\/\d+$/)
            await support.getByRole('button', { name: 'Quitter' }).click()
            await support.waitForURL(url => url.pathname.startsWith(dossiers))
            await lastMail(demo, nadia, mail => mail.subject.includes('a quitté votre espace'))
            await looked()
            await line.waitFor({ state: 'detached' })
        })
        await t.test('S-10 S-11: a second collaborator needs consent anew; the client ends it', async () => {
            await ask(partner, 'Hugo Marchetti', 'Relève pendant un congé')
            const { link } = await letter(demo, 'Hugo Marchetti')
            await signIn(client, 'tivoli-admin')
            await client.goto(link)
            assert.match(await client.locator('main').innerText(), /l’accès d’Inès Rolland prend fin|Inès Rolland/)
            await client.getByRole('button', { name: 'OUI, J\'AUTORISE L\'ACCÈS' }).click()
            await client.getByRole('heading', { name: 'Cette demande n’attend plus de réponse' }).waitFor()
            await support.goto(dossier)
            assert.equal(await support.getByRole('button', { name: /Ouvrir l’espace/ }).count(), 0)
            await client.goto('/o/boulangerie-tivoli/support')
            assert.match(await client.locator('main').innerText(), /Hugo Marchetti[\s\S]*Inès Rolland/)
            await picture(client, `accesses-${js ? 'js' : 'nojs'}`, js ? views : [null])
            await client.setViewportSize({ width: 1280, height: 900 })
            await client.getByRole('link', { name: /Mettre fin/ }).first().click()
            await client.getByRole('button', { name: 'Mettre fin à l’accès' }).click()
            await lastMail(demo, 'hugo.marchetti@lanterne.example', mail => mail.subject.startsWith('Accès terminé'))
            await client.goto('/o/boulangerie-tivoli/members')
            assert.doesNotMatch(await client.locator('main').innerText(), /Hugo Marchetti|Inès Rolland/)   // S-9
        })
        assert.deepEqual(all.flatMap(window => window.faults), [])
        assert.equal((await journal(demo)).faults, 0)
        assert.ok((await mails(demo)).every(mail => mail.state !== 'failed'))
    } finally {
        for (const window of all) await window.context.close()
        await demo.stop()
    }
}

test('support by consent, from end to end: with JavaScript', { timeout: 180000 }, t => story(t, true))
test('support by consent, from end to end: without', { timeout: 180000 }, t => story(t, false))

// S-15: a client organization made by the partner, one that is here already invited, and the partner's brand on both.
async function joining(t, demo) {
    const all = [], created = 'leo.tanguy@tanguy-bois.example', sabine = 'sabine.cozic@froid-atlantique.example'
    const open = async persona => {
        const window = await windowOpen(browser, demo)
        all.push(window)
        if (persona) await signIn(window.page, persona)
        return window.page
    }
    const link = async (to, part) => (await lastMail(demo, to, mail => mail.text.includes('Cabinet Lanterne SARL'))).links.find(found => found.includes(part))
    try {
        const partner = await open('partner-admin'), newcomer = await open(), existing = await open()
        await t.test('S-15: created; its administrator accepts from the mail, and is inside', async () => {
            const typed = { name: 'Tanguy Bois', siren: '732829320', street: '3 rue du Port', postcode: '29200', city: 'Brest', email: 'contact@tanguy-bois.example', phone: '02 98 00 11 22',
                admin_first_name: 'Léo', admin_last_name: 'Tanguy', admin_email: created }
            await partner.goto(`${dossiers}/new`)
            for (const [name, value] of Object.entries(typed)) await partner.fill(`main [name="${name}"]`, value)
            await partner.getByRole('button', { name: 'Créer l’entreprise' }).click()
            await partner.getByRole('heading', { name: 'En attente de son administrateur' }).waitFor()
            assert.equal((await partner.goto('/o/tanguy-bois')).status(), 404)                 // nobody is in before they accept
            await newcomer.goto(await link(created, '/account/invitation/'))
            await newcomer.fill('[name="password"]', 'quatre-lampes-et-un-hibou')
            await newcomer.getByRole('button', { name: /accepter l’invitation/ }).click()
            await newcomer.waitForURL(/\/o\/tanguy-bois/)
            await lastMail(demo, 'solene.kerbrat@lanterne.example', mail => mail.text.includes('Tanguy Bois'))
            await newcomer.goto('/o/tanguy-bois/mandates')
            assert.match(await newcomer.locator('main').innerText(), /Cabinet Lanterne/)
            await partner.goto(`${dossiers}?search=tanguy`)
            assert.match(await partner.locator('main').innerText(), /Tanguy Bois/)
            assert.equal((await partner.goto('/o/tanguy-bois')).status(), 404)                 // the dossier opens nothing
        })
        await t.test('S-15: one that is here is invited; its administrator chooses it and accepts', async () => {
            await partner.goto('/partner/cabinet-lanterne/invitations/new')
            await partner.fill('main [name="email"]', sabine)
            await partner.getByRole('button', { name: 'Envoyer l’invitation' }).click()
            await partner.waitForURL(/\/invitations(\?|$)/)
            assert.doesNotMatch(await partner.locator('main').innerText(), /Froid Atlantique/) // which one it is, the acceptance says
            const invitation = await link(sabine, '/account/dossier/')
            for (let i = 0; i < 2; i++) await existing.goto(invitation)
            assert.equal(await existing.getByRole('button', { name: 'Accepter' }).count(), 0)
            await signIn(existing, 'froid-admin')
            await existing.goto(invitation)
            await existing.getByLabel('Froid Atlantique').check()
            await existing.getByRole('button', { name: 'Accepter' }).click()
            await lastMail(demo, 'solene.kerbrat@lanterne.example', mail => mail.text.includes('Froid Atlantique'))
            await partner.goto(`${dossiers}?search=froid`)
            assert.match(await partner.locator('main').innerText(), /Froid Atlantique/)
        })
        await t.test('S-15: white label, on their back offices, on pages that refuse as well, not on their portals; gone when it is lent no more', async () => {
            const bar = page => page.locator('.m-brand').first().innerText()
            await partner.goto('/partner/cabinet-lanterne/white-label')
            await partner.check('[name="is_white_label"]')
            await partner.getByRole('button', { name: 'Enregistrer' }).click()
            await partner.locator('.m-note.is-ok').waitFor()
            for (const [page, slug, name] of [[newcomer, 'tanguy-bois', 'Tanguy Bois'], [existing, 'froid-atlantique', 'Froid Atlantique']]) {
                await page.goto(`/o/${slug}`)
                assert.match(await bar(page), new RegExp(`Cabinet Lanterne\\s+${name}`))       // whose space it is stays
                assert.equal((await page.goto(`/o/${slug}/tickets/1`)).status(), 404)
                assert.match(await bar(page), /Cabinet Lanterne/)
            }
            const visitor = await open()
            await visitor.goto('/p/froid-atlantique/sign-in')
            assert.doesNotMatch(await visitor.locator('body').innerText(), /Cabinet Lanterne/)
            await picture(existing, 'white-label', views)
            await existing.setViewportSize({ width: 1280, height: 900 })
            await partner.uncheck('[name="is_white_label"]')
            await partner.getByRole('button', { name: 'Enregistrer' }).click()
            await partner.locator('.m-note.is-ok').waitFor()
            await existing.goto('/o/froid-atlantique')
            assert.doesNotMatch(await bar(existing), /Cabinet Lanterne/)
        })
        assert.deepEqual(all.flatMap(window => window.faults), [])
        assert.equal((await journal(demo)).faults, 0)
    } finally {
        for (const window of all) await window.context.close()
    }
}

// A mail scanner with JavaScript: opens what the letter links to, twice, and from there every link of every page that it meets. It clicks no form.
async function scan(browser, demo, first) {
    const window = await windowOpen(browser, demo), seen = new Set(), waiting = [...first]
    while (waiting.length && seen.size < 40) {
        const address = waiting.shift()
        if (seen.has(address)) continue
        seen.add(address)
        for (let i = first.includes(address) ? 0 : 1; i < 2; i++) await window.page.goto(address, { waitUntil: 'load' })
        const links = await window.page.locator('a[href]').evaluateAll(all => all.map(a => a.href))
        waiting.push(...links.filter(link => link.startsWith(demo.base) && !link.includes('/demo')).map(link => link.split('#')[0]))
    }
    await window.context.close()
    return { seen, faults: window.faults }
}

async function scanned(demo) {
    const windows = []
    const open = async persona => {
        const window = await windowOpen(browser, demo)
        windows.push(window)
        await signIn(window.page, persona)
        return window.page
    }
    const client = await open('tivoli-admin'), standing = async () => (await client.request.get('/o/boulangerie-tivoli/support.json')).json()
    try {
        await ask(await open('partner-admin'), 'Inès Rolland', 'Écart de TVA d’octobre')
        const { mail, link } = await letter(demo, 'Inès Rolland'), before = await standing(), count = (await mails(demo)).length
        assert.equal(before.requests.length, 1)
        const { seen, faults } = await scan(browser, demo, mail.links)
        assert.ok(seen.has(link) && seen.size > 3, [...seen].join('\n'))
        assert.deepEqual(faults, [])
        assert.deepEqual(await standing(), before)                  // asked for, as it was
        assert.equal((await mails(demo)).length, count)             // no code sent, nobody told anything
        const human = await windowOpen(browser, demo)
        windows.push(human)
        await human.page.goto(link)                                 // and the letter is as good as new: the code, and one click
        await human.page.getByRole('button', { name: 'Recevoir un code par e-mail' }).click()
        const coded = await lastMail(demo, nadia, found => /\b\d{6}\b/.test(found.text) && found.subject.includes('code'))
        await human.page.locator('form.m-deed [name="code"]').fill(coded.text.match(/\b\d{6}\b/)[0])
        await human.page.getByRole('button', { name: 'OUI, J\'AUTORISE L\'ACCÈS' }).click()
        await human.page.getByRole('heading', { name: 'Cette demande n’attend plus de réponse' }).waitFor()
        assert.equal((await standing()).accesses.length, before.accesses.length + 1)
    } finally {
        for (const window of windows) await window.context.close()
    }
}

test('the letter in a scanner’s hands; organizations that become dossiers', { timeout: 180000 }, async t => {
    const demo = await demoStart()
    try {
        await t.test('S-6: a scanner with JavaScript that follows every link grants nothing and burns nothing', () => scanned(demo))
        await joining(t, demo)
    } finally {
        await demo.stop()
    }
})
