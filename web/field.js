// Field work: a job dragged onto a technician's day (each has a form that does the same), and a signature drawn with a finger (its name alone will do).
'use strict'

// ---- The board: what is dropped goes the way of the form ----

let dragged = null

function cellOf(event) {
    return dragged ? event.target.closest?.('.m-week td[data-on]') : null
}

function cellMark(cell) {
    document.querySelectorAll('.m-week td[data-drop]').forEach(old => old.toggleAttribute('data-drop', old === cell))
    cell?.setAttribute('data-drop', '')
}

const minutesOf = time => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
const timeOf = minutes => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

// One that is moved keeps its time; a new one begins behind what the day has already.
function startIn(cell, job) {
    if ('moves' in job.dataset) return job.dataset.start
    const ends = [...cell.querySelectorAll('[data-end]')].map(other => other.dataset.end).sort()
    const last = ends.at(-1) ?? '08:00'
    return last < '18:00' && last > '08:00' ? last : '08:00'
}

function drop(cell, job) {
    const form = document.getElementById('board-form')
    const values = {
        member_id: cell.parentElement.dataset.member, day: cell.dataset.on, start: startIn(cell, job), count: job.dataset.countOf,
        minutes: job.dataset.minutes ?? minutesOf(job.dataset.end) - minutesOf(job.dataset.start),
    }
    for (const [name, value] of Object.entries(values)) form.elements[name].value = value
    form.action = document.querySelector('[data-board]').dataset.board + job.dataset.job
    form.requestSubmit()
}

document.addEventListener('dragstart', event => {
    dragged = event.target.closest?.('[data-job]') ?? null
    if (!dragged) return
    event.dataTransfer.effectAllowed = 'move'
    event.dataTransfer.setData('text/plain', dragged.dataset.job)
})

document.addEventListener('dragover', event => {
    const cell = cellOf(event)
    cellMark(cell)
    if (cell) event.preventDefault()
})

document.addEventListener('drop', event => {
    const cell = cellOf(event)
    if (!cell) return
    event.preventDefault()
    drop(cell, dragged)
})

document.addEventListener('dragend', () => {
    dragged = null
    cellMark(null)
})

// ---- The signature: a picture as a file of the form ----

let strokes = []                        // points of each, so that a page put in place of this one shows them again

function signPaint(canvas) {
    const pen = canvas.getContext('2d')
    pen.fillStyle = '#fff'
    pen.fillRect(0, 0, canvas.width, canvas.height)
    pen.lineWidth = 3
    pen.lineCap = pen.lineJoin = 'round'
    for (const stroke of strokes) {
        pen.beginPath()
        stroke.forEach(([x, y], i) => i ? pen.lineTo(x, y) : pen.moveTo(x, y))
        if (stroke.length === 1) pen.lineTo(stroke[0][0] + 0.1, stroke[0][1])
        pen.stroke()
    }
}

function signKeep(canvas) {
    const input = canvas.parentElement.querySelector('input[type=file]')
    canvas.toBlob(blob => {
        const data = new DataTransfer()
        if (strokes.length) data.items.add(new File([blob], 'signature.png', { type: 'image/png' }))
        input.files = data.files
    })
}

function signStart() {
    for (const field of document.querySelectorAll('[data-sign][hidden]')) {
        field.hidden = false
        signPaint(field.querySelector('canvas'))
        if (strokes.length) signKeep(field.querySelector('canvas'))
    }
}

function point(canvas, event) {
    const box = canvas.getBoundingClientRect()
    return [(event.clientX - box.left) * canvas.width / box.width, (event.clientY - box.top) * canvas.height / box.height]
}

document.addEventListener('pointerdown', event => {
    const canvas = event.target.closest?.('[data-sign] canvas')
    if (!canvas) return
    canvas.setPointerCapture(event.pointerId)
    strokes.push([point(canvas, event)])
    signPaint(canvas)
})

document.addEventListener('pointermove', event => {
    const canvas = event.target.closest?.('[data-sign] canvas')
    if (!canvas?.hasPointerCapture(event.pointerId)) return
    strokes.at(-1).push(point(canvas, event))
    signPaint(canvas)
})

document.addEventListener('pointerup', event => {
    const canvas = event.target.closest?.('[data-sign] canvas')
    if (canvas) signKeep(canvas)
})

document.addEventListener('click', event => {
    const canvas = event.target.closest?.('[data-sign-clear]')?.closest('[data-sign]').querySelector('canvas')
    if (!canvas) return
    strokes = []
    signPaint(canvas)
    signKeep(canvas)
})

document.addEventListener('page', signStart)        // another page was put in place
signStart()
