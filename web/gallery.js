// « Galerie » (L-6): a picture opens large above its page, goes on by arrow keys, by touch and by buttons, and closes with Escape; the focus comes back to
// the picture that was looked at last. Without this each picture is a link to a page of its own.
'use strict'

function galleryOpen(list, from) {
    const links = [...list.querySelectorAll('a[data-large]')]
    let at = links.indexOf(from), touched = null
    const image = make('img', {}), line = make('p', { 'aria-live': 'polite' })
    const button = (label, name, act) => {
        const one = make('button', { type: 'button', class: 'btn', 'aria-label': label }, icon(name))
        one.addEventListener('click', act)
        return one
    }
    const show = next => {
        if (next < 0 || next >= links.length) return
        at = next
        image.src = links[at].dataset.large
        image.alt = links[at].querySelector('img').alt
        line.textContent = `${image.alt} / ${links.length}`
        back.disabled = at === 0
        on_.disabled = at === links.length - 1
    }
    const back = button(list.dataset.previous, '#i-chevron-left', () => show(at - 1))
    const on_ = button(list.dataset.next, '#i-chevron-right', () => show(at + 1))
    const dialog = make('dialog', { class: 'm-dialog m-photo-dialog', 'aria-label': document.querySelector('h1').textContent },
        image, make('div', { class: 'm-actions' }, back, on_, line, button(list.dataset.close, '#i-x', () => dialog.close())))
    dialog.addEventListener('keydown', event => {
        if (event.key === 'ArrowLeft') show(at - 1)
        if (event.key === 'ArrowRight') show(at + 1)
    })
    image.addEventListener('touchstart', event => { touched = event.touches.length === 1 ? event.touches[0].clientX : null }, { passive: true })
    image.addEventListener('touchend', event => {
        const way = touched === null ? 0 : event.changedTouches[0].clientX - touched
        if (Math.abs(way) > 40) show(at + (way < 0 ? 1 : -1))
    })
    dialog.addEventListener('close', () => {
        dialog.remove()
        links[at].focus()
    })
    document.body.append(dialog)
    show(at)
    dialog.showModal()
}

on('click', '[data-gallery] a[data-large]', (link, event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || !window.HTMLDialogElement) return
    event.preventDefault()
    galleryOpen(link.closest('[data-gallery]'), link)
})

document.addEventListener('keydown', event => {
    if (!document.querySelector('[data-photo]') || event.altKey || event.ctrlKey || event.metaKey || event.target.closest('input, textarea, select')) return
    const way = { ArrowLeft: 'prev', ArrowRight: 'next' }[event.key]
    if (way) document.querySelector(`a[rel=${way}]`)?.click()
})
