'use strict'

const native = require('./native.js')

class DiadocError extends Error {
  constructor ({ message, path, line, column }) {
    super(message)
    this.name = 'DiadocError'
    this.path = path ?? undefined
    this.line = line ?? undefined
    this.column = column ?? undefined
  }
}

/** Calls what is made of Rust, whose errors are JSON. */
function call (work, ...given) {
  try {
    return work(...given)
  } catch (error) {
    let told
    try {
      told = JSON.parse(error.message)
    } catch {
      throw error
    }
    throw new DiadocError(told)
  }
}

function bytes (body) {
  if (typeof body === 'string') return Buffer.from(body)
  if (body instanceof Uint8Array) return body
  if (body instanceof ArrayBuffer) return new Uint8Array(body)
  throw new TypeError('a body is a string, a Uint8Array or an ArrayBuffer')
}

/** How deep a value may lie: more than any message does, and less than one that holds itself. */
const MOST_LEVELS = 300

/** A value as JSON, every integer exact. */
function json (value, levels = MOST_LEVELS) {
  if (levels === 0) throw new TypeError(`values lie more than ${MOST_LEVELS} levels deep in each other`)
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return JSON.stringify(value)
    case 'bigint':
      return value.toString()
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`no field takes ${value}`)
      if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
        throw new TypeError(`${value} is not exact as a number: give a BigInt`)
      }
      return JSON.stringify(value)
    case 'object':
      if (value === null) return 'null'
      if (value instanceof Uint8Array) {
        const { buffer, byteOffset, byteLength } = value
        return JSON.stringify(Buffer.from(buffer, byteOffset, byteLength).toString('base64'))
      }
      if (Array.isArray(value)) return `[${Array.from(value, (element) => json(element, levels - 1)).join()}]`
      // A Map and a Date have no keys, and would be empty.
      if (Object.prototype.toString.call(value) === '[object Object]') {
        const fields = Object.entries(value).filter(([, value]) => value !== undefined)
        return `{${fields.map(([key, value]) => `${JSON.stringify(key)}:${json(value, levels - 1)}`).join()}}`
      }
  }
  throw new TypeError(`no field takes ${Object.prototype.toString.call(value)}`)
}

const read = (body, message, options = {}) => call(native.read, bytes(body), message, options)

const write = (value, message, options = {}) => call(native.write, json(value), message, options)

const check = (body, options = {}) => JSON.parse(call(native.check, bytes(body), options, false))

const checkAll = (bodies, { names, ...options } = {}) => {
  const listed = Array.from(bodies, bytes)
  const named = names === undefined ? Object.keys(listed) : Array.from(names, String)
  if (named.length !== listed.length) {
    throw new TypeError(`there are ${listed.length} bodies and ${named.length} names`)
  }
  return JSON.parse(call(native.checkAll, listed, named, options))
}

const merge = (reports) => {
  const texts = Array.from(reports, (report) => typeof report === 'string' ? report : JSON.stringify(report))
  return JSON.parse(call(native.merge, texts))
}

const report = (body, options = {}) => call(native.check, bytes(body), options, true)

const convert = (body, message, to, options = {}) =>
  call(native.convert, bytes(body), message, to, options)

const detect = (body, options = {}) => JSON.parse(call(native.detect, bytes(body), options))

const describe = (name, { lang } = {}) => call(native.describe, name, lang)

const search = (words) => JSON.parse(call(native.search, words))

const example = (message, { full = false, seed, longs } = {}) =>
  call(native.example, message, full, seed, longs)

const messages = () => native.messages()

/** The first moment of 1970, in ticks. */
const EPOCH = 621355968000000000n

const toDate = (ticks) => new Date(Number((BigInt(ticks) - EPOCH) / 10000n))

const toTicks = (moment) => {
  const since = moment.getTime()
  if (Number.isNaN(since)) throw new TypeError('the Date is invalid')
  return BigInt(since) * 10000n + EPOCH
}

module.exports = {
  DiadocError,
  check,
  checkAll,
  convert,
  describe,
  detect,
  example,
  merge,
  messages,
  read,
  report,
  search,
  toDate,
  toTicks,
  write
}
