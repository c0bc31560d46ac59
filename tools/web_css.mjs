// Cuts style sheets down to the rules that can match something: a selector stays where all its classes, elements and
// attributes are in use. Then custom properties that nothing reads go, and animations that nobody plays.
const open_pseudo = /^(is|where|has|not|matches|any|-webkit-any|-moz-any)$/

export function cut(texts, used) {
    const rules = texts.flatMap(text => sift(parse(text.replace(/\/\*[^]*?\*\//g, '')), used))
    dropUnread(rules)
    return write(rules)
}

// → [{ prelude, rules }] for groups, [{ prelude, declarations: [[name, value]] }] for rules, [{ prelude }] for statements
function parse(text) {
    let at = 0
    const list = () => {
        const items = []
        for (;;) {
            const start = at
            at = scan(text, at, '{;}')
            const prelude = text.slice(start, at).trim()
            const end = text[at++]
            if (end === '{') items.push(isGroup(prelude) ? { prelude, rules: list() } : { prelude, declarations: declarations() })
            else if (end === ';') { if (prelude) items.push({ prelude }) }
            else return items
        }
    }
    const declarations = () => {
        const items = []
        for (;;) {
            const start = at
            at = scan(text, at, ';}{')
            if (text[at] === '{') throw new Error(`nested rule at: ${text.slice(start, at)}`)
            const one = text.slice(start, at).trim(), colon = one.indexOf(':')
            if (colon > 0) items.push([one.slice(0, colon).trim(), one.slice(colon + 1).trim().replace(/\s+/g, ' ')])
            if (text[at++] !== ';') return items
        }
    }
    return list()
}

const isGroup = prelude => /^@(media|supports|layer|container|(-webkit-)?keyframes)\b/.test(prelude)

// The next of `ends` outside of strings and brackets.
function scan(text, at, ends) {
    for (let depth = 0; at < text.length; at++) {
        const ch = text[at]
        if (ch === '\\') at++
        else if (ch === '"' || ch === "'") { for (at++; text[at] !== ch; at++) if (text[at] === '\\') at++ }
        else if (depth === 0 && ends.includes(ch)) break
        else if (ch === '(' || ch === '[') depth++
        else if (ch === ')' || ch === ']') depth--
    }
    return at
}

function split(text, mark) {
    const parts = []
    for (let at = 0; at <= text.length;) {
        const end = scan(text, at, mark)
        parts.push(text.slice(at, end).trim())
        at = end + 1
    }
    return parts
}

function sift(rules, used) {
    return rules.flatMap(rule => {
        if (/^@(charset|import|font-face)/.test(rule.prelude)) return []
        if (/^@(-webkit-)?keyframes/.test(rule.prelude)) return [rule]
        if (rule.rules) {
            const inside = sift(rule.rules, used)
            return inside.length ? [{ prelude: rule.prelude, rules: inside }] : []
        }
        if (!rule.declarations || rule.prelude.startsWith('@')) return rule.declarations ? [rule] : []
        const selectors = split(rule.prelude, ',').filter(selector => matches(selector, used))
        return selectors.length && rule.declarations.length
            ? [{ prelude: selectors.map(tidy).join(','), declarations: rule.declarations.filter(([name]) => !name.startsWith('-ms-')) }] : []
    })
}

// Can this selector match an element of ours?
function matches(selector, used) {
    for (let at = 0; at < selector.length;) {
        const rest = selector.slice(at)
        let m
        if ((m = /^\.((?:[\w-]|\\.)+)/.exec(rest))) {
            if (!used.classes.has(m[1].replace(/\\/g, ''))) return false
        } else if ((m = /^::?([\w-]+)(\()?/.exec(rest))) {
            if (/^-(ms|o)-/.test(m[1])) return false
            if (m[2]) {
                const end = scan(selector, at + m[0].length, ')')
                const list = split(selector.slice(at + m[0].length, end), ',')
                if (open_pseudo.test(m[1]) && m[1] !== 'not' && !list.some(inner => matches(inner, used))) return false
                at = end + 1
                continue
            }
        } else if ((m = /^\[\s*([\w-]+)[^\]]*\]/.exec(rest))) {
            if (!used.attributes.has(m[1])) return false
        } else if ((m = /^[a-zA-Z][\w-]*/.exec(rest))) {
            if (!used.elements.has(m[0].toLowerCase())) return false
        } else if (!(m = /^(#[\w-]+|[\s>+~*|]+|&)/.exec(rest))) throw new Error(`selector not understood: ${selector}`)
        at += m[0].length
    }
    return true
}

const tidy = selector => selector.replace(/\s+/g, ' ').replace(/\s*([>~+])\s*/g, '$1')

function each(rules, visit) {
    for (const rule of rules) rule.rules ? each(rule.rules, visit) : rule.declarations && visit(rule)
}

function dropUnread(rules) {
    const defined = new Map(), live = new Set(), todo = []
    const reads = value => { for (const [, name] of value.matchAll(/var\(\s*(--[\w-]+)/g)) if (!live.has(name)) { live.add(name); todo.push(name) } }
    each(rules, rule => rule.declarations.forEach(([name, value]) => {
        if (!name.startsWith('--')) reads(value)
        else defined.set(name, [...defined.get(name) ?? [], value])
    }))
    while (todo.length) (defined.get(todo.pop()) ?? []).forEach(reads)
    const played = []
    each(rules, rule => {
        rule.declarations = rule.declarations.filter(([name]) => !name.startsWith('--') || live.has(name))
        for (const [name, value] of rule.declarations) if (/animation|^--/.test(name)) played.push(value)
    })
    const keep = list => list.filter(rule => {
        const m = /^@(?:-webkit-)?keyframes\s+([\w-]+)/.exec(rule.prelude)
        if (m) return played.some(value => value.split(/[\s,]+/).includes(m[1]))
        if (rule.rules) return (rule.rules = keep(rule.rules)).length
        return !rule.declarations || rule.declarations.length
    })
    rules.splice(0, rules.length, ...keep(rules))
}

function write(rules) {
    return rules.map(rule => rule.rules ? `${rule.prelude.replace(/\s+/g, ' ')}{${write(rule.rules)}}`
        : rule.declarations ? `${rule.prelude}{${rule.declarations.map(([name, value]) => `${name}:${value}`).join(';')}}`
        : `${rule.prelude};`).join('\n')
}
