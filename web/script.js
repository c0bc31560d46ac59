// Makes pages nicer; every one works without it. All listeners sit on the document, so that a page put in place of
// another (see `replace`) needs no second start. The texts come with the script's own element, in the page's language.
'use strict'
const texts = document.currentScript.dataset
const lang = document.documentElement.lang
document.documentElement.dataset.script = ''

function on(type, selector, act) {
    document.addEventListener(type, event => {
        const found = event.target.closest?.(selector)
        if (found) act(found, event)
    })
}

function make(tag, attributes, ...inside) {
    const element = document.createElement(tag)
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
    element.append(...inside)
    return element
}

function icon(name) {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
    const use = svg.appendChild(document.createElementNS('http://www.w3.org/2000/svg', 'use'))
    svg.setAttribute('class', 'icon')
    svg.setAttribute('aria-hidden', 'true')
    use.setAttribute('href', texts.icons + name)
    return svg
}

// The word of a notice has been shown: reloading or keeping the address shall not show it again.
const here = new URL(location)
if (here.searchParams.has('notice')) {
    here.searchParams.delete('notice')
    history.replaceState(null, '', here)
}

// ---- A value that turns into a box: double click, change, leave (C-1) ----
// .m-edit holds the value [data-edit] and a hidden form [data-edit-form]; without such a form its link is followed.

function editEnd(form) {
    form.reset()
    form.hidden = true
    form.parentElement.querySelector('[data-edit]').hidden = false
}

function isChanged(form) {
    return [...form.elements].some(field => field.type === 'checkbox' ? field.checked !== field.defaultChecked
        : field.options ? [...field.options].some(option => option.selected !== option.defaultSelected)
        : 'defaultValue' in field && field.type !== 'hidden' && field.value !== field.defaultValue)
}

on('dblclick', '[data-edit]', value => {
    const form = value.closest('.m-edit').querySelector('[data-edit-form]')
    if (!form) return value.closest('.m-edit').querySelector('a[href]')?.click()
    value.hidden = true
    form.hidden = false
    form.querySelector('input:not([type=hidden]), select, textarea').focus()
})

on('change', '[data-ask]', box => {
    if (box.checked) dialogOpen(box.dataset.ask, () => editEnd(box.form))
})

on('focusout', '[data-edit-form]', (form, event) => {
    if (form.contains(event.relatedTarget) || is_asking || document.querySelector('dialog[open]')) return
    if (isChanged(form)) form.requestSubmit()
    else editEnd(form)
})

on('submit', '[data-edit-form][method=get]', (form, event) => {
    event.preventDefault()
    dialogOpen(form.action, () => editEnd(form))
})

on('keydown', '[data-edit-form]', (form, event) => {
    if (event.key === 'Escape') editEnd(form)
})

// ---- Files: what is chosen, how big, one less ----

const chosen = new WeakMap()

function size(bytes) {
    const [unit, by] = bytes < 1e6 ? ['kilobyte', 1e3] : ['megabyte', 1e6]
    return new Intl.NumberFormat(lang, { style: 'unit', unit, maximumFractionDigits: 1 }).format(Math.max(bytes / by, 0.1))
}

function filesSet(input, files) {
    const data = new DataTransfer()
    files.forEach(file => data.items.add(file))
    input.files = data.files
    chosen.set(input, files)
    let list = input.nextElementSibling
    if (!list?.matches('.m-files')) input.after(list = make('ul', { class: 'm-files', 'aria-live': 'polite' }))
    list.replaceChildren(...files.map(file => {
        const button = make('button', { class: 'btn btn-icon m-quiet', type: 'button', 'aria-label': `${texts.remove} ${file.name}` }, icon('#i-x'))
        button.addEventListener('click', () => {
            filesSet(input, files.filter(other => other !== file))
            input.focus()
        })
        return make('li', { class: 'm-file' }, icon('#i-paperclip'), make('span', {}, file.name, make('small', {}, size(file.size))), button)
    }))
}

on('change', 'input[data-files]', input => {
    const before = (chosen.get(input) ?? []).filter(old => ![...input.files].some(file => file.name === old.name && file.size === old.size))
    filesSet(input, [...before, ...input.files])
})

// ---- Sending: once, and with a bar where files go along ----

function busy(form, is_busy) {
    form.toggleAttribute('data-busy', is_busy)
    for (const button of form.querySelectorAll('button[type=submit]')) {
        button.disabled = is_busy
        button.toggleAttribute('aria-busy', is_busy)
    }
}

function replace(html, address) {
    const page = new DOMParser().parseFromString(html, 'text/html')
    const files = [...document.querySelectorAll('input[data-files]')].map(input => [input.name, chosen.get(input) ?? []])
    document.title = page.title
    document.body.replaceWith(page.body)
    history.replaceState(null, '', address)
    for (const [name, list] of files) {
        const input = document.querySelector(`input[data-files][name="${name}"]`)
        if (input && list.length) filesSet(input, list)
    }
    scrollTo(0, 0)
    document.dispatchEvent(new Event('page'))
    document.querySelector('[autofocus]')?.focus()
}

function send(form, data) {
    const bar = make('progress', { max: '100', value: '0', 'aria-label': texts.sending })
    const note = make('p', { class: 'm-small', role: 'status' }, texts.sending)
    const request = new XMLHttpRequest()
    form.querySelector('.m-actions, button[type=submit]').before(bar, note)
    request.upload.onprogress = event => {
        bar.value = event.total ? 100 * event.loaded / event.total : 0
    }
    request.onload = () => {
        if (request.status === 200) location.assign(request.responseURL)
        else replace(request.responseText, location.href)
    }
    request.onerror = request.onabort = () => {
        bar.remove()
        note.textContent = form.dataset.lost ?? texts.failed
        note.className = 'm-error'
        form.dataset.typed = ''
        busy(form, false)
    }
    request.open('POST', form.action)
    request.send(data)
}

on('submit', 'form[method=post]', (form, event) => {
    if (form.hasAttribute('data-busy')) return event.preventDefault()
    const data = new FormData(form)
    if (event.submitter?.name) data.append(event.submitter.name, event.submitter.value)
    delete form.dataset.typed
    form.querySelectorAll('progress, progress + .m-error').forEach(old => old.remove())
    if (form.dataset.progress === 'always' || (form.matches('[data-progress]') && [...data.values()].some(value => value instanceof File && value.size))) {
        event.preventDefault()
        send(form, data)
        busy(form, true)
    } else setTimeout(() => busy(form, true))       // later: a button that is off would not be sent
})

addEventListener('pageshow', event => {
    if (event.persisted) document.querySelectorAll('form[data-busy]').forEach(form => busy(form, false))
})

// ---- A field that is being mended is no longer wrong; what a door says is about all of its fields ----

function mended(field) {
    const error = document.getElementById(`${field.id}-error`)
    const described = (field.getAttribute('aria-describedby') ?? '').split(' ').filter(id => id && id !== error?.id).join(' ')
    field.removeAttribute('aria-invalid')
    field.classList.remove('is-invalid')
    if (described) field.setAttribute('aria-describedby', described)
    else field.removeAttribute('aria-describedby')
    error?.remove()
}

on('input', '.m-door form, [aria-invalid]', found => {
    const fields = found.matches('form') ? found.querySelectorAll('[aria-invalid]') : [found]
    fields.forEach(mended)
})

// ---- A half-typed form is not left without a question ----

on('input', 'form[method=post]', form => {
    if (!form.querySelector('[type=password]') && !form.matches('[data-edit-form]')) form.dataset.typed = ''
})

addEventListener('beforeunload', event => {
    if (document.querySelector('form[data-typed]')) event.preventDefault()
})

// ---- Copy ----

on('click', '[data-copy]', async button => {
    const source = button.dataset.copy ? document.getElementById(button.dataset.copy) : button.parentElement.querySelector('input')
    source.select?.()
    await navigator.clipboard.writeText(source.value ?? source.textContent)
    const before = [...button.childNodes]
    button.replaceChildren(icon('#i-check'), make('span', { role: 'status' }, texts.copied))
    setTimeout(() => button.replaceChildren(...before), 2000)
})

// ---- A page of its own, shown in a window: its title and what stands in [data-window], or its form ----

let is_asking = false

async function dialogOpen(address, closed) {
    if (is_asking) return
    is_asking = true
    const answer = await fetch(address, { headers: { accept: 'text/html' } }).catch(() => null)
    is_asking = false
    const page = answer?.ok && !answer.redirected ? new DOMParser().parseFromString(await answer.text(), 'text/html') : null
    const inside = page?.querySelector('main [data-window]') ?? page?.querySelector('main form')
    const title = page?.querySelector('main h1')
    const lead = page?.querySelector('main .m-head .m-lead') ?? ''
    if (!inside || !title) return location.assign(address)
    const close = make('button', { class: 'btn btn-icon m-quiet', type: 'button', 'aria-label': texts.close, 'data-close': '' }, icon('#i-x'))
    const dialog = make('dialog', { class: 'm-dialog', 'aria-labelledby': 'window-title' },
        make('div', { class: 'm-dialog-head' }, make('h2', { id: 'window-title' }, ...title.childNodes), close),
        make('div', { class: 'm-dialog-body' }, lead, inside))
    dialog.addEventListener('close', () => {
        dialog.remove()
        closed?.()
    })
    document.body.append(dialog)
    dialog.showModal()
    inside.querySelector('[autofocus], input:not([type=hidden]), select, textarea, button')?.focus()
}

on('click', 'a[data-dialog]', (link, event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return
    event.preventDefault()
    dialogOpen(link.href)
})

on('click', 'dialog [data-close], dialog a[href]', (element, event) => {
    if (element.href && new URL(element.href).pathname !== location.pathname) return
    event.preventDefault()
    element.closest('dialog').close()
})

// A window that the page came with: over the page, and closed for good.
function modalShow() {
    document.querySelectorAll('dialog[open][data-modal]').forEach(dialog => {
        delete dialog.dataset.modal
        dialog.close()
        dialog.showModal()
        history.replaceState(null, '', location.pathname)
    })
}

modalShow()

// ---- What is chosen fills fields in: an address with its site ----

on('change', 'select[data-fill]', select => {
    for (const [name, value] of Object.entries(select.selectedOptions[0].dataset)) {
        const field = select.form.elements[name]
        if (field) field.value = value
    }
})

// ---- How many are ticked; and a window that is part of the form, for what a page of its own does without script ----

function countShow() {
    document.querySelectorAll('[data-count]').forEach(count => {
        count.textContent = count.closest('form').querySelectorAll(`[name="${count.dataset.count}"]:checked`).length
    })
}

countShow()
document.addEventListener('change', countShow)

on('click', 'button[data-show]', (button, event) => {
    if (!button.form.querySelector('.m-pick input:checked, [name=is_all]:checked')) return
    event.preventDefault()
    document.getElementById(button.dataset.show).showModal()
})

// ---- A date chosen for a support's end: no longer « Durable » ----

on('change', '.m-deed [name="hours"]', select => {
    if (select.value) select.form.querySelector('[name="term"][value="until"]').checked = true
})

// ---- Minutes left of a support session ----

const ends = new WeakMap()

function minutesShow() {
    const left = document.querySelector('[data-left]')
    if (!left) return
    if (!ends.has(left)) ends.set(left, Date.now() + Number(left.dataset.left))
    left.textContent = `${Math.max(0, Math.ceil((ends.get(left) - Date.now()) / 60000))}\u00a0min`
}

minutesShow()
setInterval(minutesShow, 10000)
