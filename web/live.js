// Who of a partner is in this space (S-14): the line comes and goes by itself. Asked for every 20 s while the page is seen; the words are the server's.
'use strict'
let is_looking = false

async function liveLook() {
    const line = document.querySelector('[data-live]')
    if (!line || document.hidden || is_looking) return
    is_looking = true
    const answer = await fetch(`${line.dataset.from}.json`).catch(() => null)
    const now = answer?.ok ? await answer.json().catch(() => null) : null
    is_looking = false
    if (answer && answer.status >= 400 && answer.status < 500) return line.remove()     // signed out, or no member any more
    if (!now || now.visits.map(visit => visit.id).join(' ') === line.dataset.live) return
    const page = await fetch(line.dataset.from).catch(() => null)
    const newer = page?.ok ? new DOMParser().parseFromString(await page.text(), 'text/html').querySelector('[data-live]') : null
    if (newer) document.querySelector('[data-live]')?.replaceWith(newer)
}

setInterval(liveLook, 20000)
document.addEventListener('visibilitychange', liveLook)
