// The door of a secure link (L-8): the secret behind « # » goes into the form, and out of the address. Nothing is sent before the button is pressed.
'use strict'
const secret = location.hash.slice(1)
const door = document.querySelector('[data-door]')

if (door && secret) {
    door.querySelector('input[name=secret]').value = secret
    door.querySelector('[data-door-paste]').hidden = true
    history.replaceState(null, '', location.pathname)
    door.querySelector('button').focus()
}
