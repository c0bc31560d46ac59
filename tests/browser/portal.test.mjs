// L-2 to L-5: a client follows its field work and asks for a job: signed in or by a secure link, with JavaScript and without, on a wide screen and on a phone.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { browserStart, demoStart, picture, signIn, windowOpen } from './lib.mjs'

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const office = '/o/froid-atlantique'
let browser, demo, address
before(async () => {
    demo = await demoStart()
    browser = await browserStart()
    const { page, context } = await windowOpen(browser, demo)
    await signIn(page, 'froid-admin')
    await page.goto(`${office}/clients?search=bellerive`)
    await page.getByRole('link', { name: 'Hôtel Bellerive' }).first().click()
    await page.getByRole('link', { name: 'Détails', exact: true }).click()
    await page.getByRole('link', { name: 'Lien sécurisé' }).first().click()
    await page.locator('dialog').getByRole('button', { name: 'Créer le lien' }).click()
    await page.waitForURL(/\/links\/\d+/)
    address = await page.locator('.m-copy').first().inputValue()
    await context.close()
})
after(async () => {
    await browser?.close()
    await demo?.stop()
})

async function sound(page, name, looks) {
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    assert.ok(over <= 0, `${name} scrolls sideways by ${over} px`)
    if (!looks) return
    await page.evaluate(axe)
    const found = await page.evaluate(async () => (await window.axe.run(document, { resultTypes: ['violations'], preload: false })).violations
        .map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)}`))
    assert.deepEqual(found, [], name)
}

async function enter(page, by, js) {
    if (by === 'contact') {
        await signIn(page, 'contact')
        return page.goto('/p/froid-atlantique/jobs')
    }
    await page.goto(js ? address : address.split('#')[0])
    if (!js) await page.locator('main input[type=text], main input[name=secret]').first().fill(address)
    await page.getByRole('button', { name: 'Ouvrir' }).click()
    return page.waitForURL(/\/l\/\d+\/jobs/)
}

for (const [by, js, width] of [['contact', true, 1280], ['contact', false, 390], ['link', true, 390], ['link', false, 1280]])
    test(`L-5: by ${by}, ${js ? 'with' : 'without'} JavaScript, ${width} px: sites, equipment, and a job asked for`, { timeout: 120000 }, async () => {
        const { page, faults, context } = await windowOpen(browser, demo, { js, width, scheme: width === 390 ? 'dark' : 'light' })
        await enter(page, by, js)
        await sound(page, 'the list of jobs', js)
        await picture(page, `portal-jobs-${by}-${width}`, [])
        for (const tab of [/^Sites/, /^Équipements/]) {
            await page.locator('.m-tabs').getByRole('link', { name: tab }).click()
            await page.locator('tbody th a').first().click()
            assert.equal(await page.getByRole('heading', { name: 'Interventions' }).count(), 1)
            await sound(page, `an entry of ${tab}`, js)
            await page.goBack()
        }
        await page.getByRole('link', { name: 'Créer une intervention' }).first().click()
        await page.locator('[name=site_id]').selectOption({ label: 'Restaurant de plage' })
        await page.getByRole('button', { name: 'Enregistrer' }).click()
        await page.getByText('Dites en une phrase ce qui se passe').first().waitFor()
        await sound(page, 'the form', js)
        await page.locator('[name=description]').fill(`La vitrine ne refroidit plus, vue ${by} ${width}`)
        await page.getByRole('button', { name: 'Enregistrer' }).click()
        const dialog = page.locator('dialog')
        await dialog.getByText('Votre demande est enregistrée').waitFor()
        await sound(page, 'the confirmation', js)
        await dialog.getByRole('link', { name: 'Fermer' }).last().click()
        await page.getByRole('link', { name: new RegExp(`vue ${by} ${width}`) }).first().click()
        assert.match(await page.locator('main').innerText(), /À planifier/)
        assert.match(await page.locator('main').innerText(), /Restaurant de plage/)
        await sound(page, 'the job', js)
        assert.deepEqual(faults, [])
        await context.close()
    })
