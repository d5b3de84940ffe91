'use strict'

// The module `diadoc`, as its users have it: `diadoc` is found by NODE_PATH.

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const path = require('node:path')
const { test } = require('node:test')
const { gzipSync } = require('node:zlib')

const diadoc = require('diadoc')

const TICKS = 638884246403244956n // No number holds it.
const PAGE =
  '{"TotalCount": 1, "Documents": [{"MessageId": "m", "EntityId": "e", "IndexKey": "a2V5",' +
  ` "CreationTimestampTicks": ${TICKS}, "HasCustomPrintForm": false, "Nope": 1}]}`

/** The error that something throws. */
function thrown (work) {
  try {
    work()
  } catch (error) {
    return error
  }
  assert.fail('nothing is thrown')
}

test('ticks are exact', () => {
  const ticks = (options) =>
    diadoc.read(PAGE, 'DocumentList', options).Documents[0].CreationTimestampTicks
  assert.equal(ticks(), TICKS)
  assert.equal(ticks({ longs: 'string' }), String(TICKS))
  assert.match(thrown(() => ticks({ longs: 'number' })).message, /`bigint` or `string`/)
  assert.equal(diadoc.read(PAGE, 'DocumentList').TotalCount, 1)
})

test('both forms are read', () => {
  const value = diadoc.example('MessageToPost', { full: true })
  for (const to of ['json', 'protobuf']) {
    const body = diadoc.write(value, 'MessageToPost', { to })
    const view = new Uint8Array(body)
    for (const given of [body, view, view.buffer, view.subarray(0), gzipSync(body)]) {
      assert.deepEqual(diadoc.read(given, 'MessageToPost'), value)
    }
  }
})

test('every message goes there and back', () => {
  for (const message of diadoc.messages()) {
    for (const longs of ['bigint', 'string']) {
      const value = diadoc.example(message, { seed: 1, longs })
      const written = diadoc.write(value, message)
      assert.deepEqual(diadoc.read(written, message, { longs }), value, message)
      let protobuf
      try {
        protobuf = diadoc.write(value, message, { to: 'protobuf' })
      } catch (error) {
        assert.match(error.message, /only JSON has/)
        continue
      }
      assert.deepEqual(diadoc.read(protobuf, message, { form: 'protobuf', longs }), value, message)
    }
  }
})

test('bytes are bytes', () => {
  const value = diadoc.read('{"Content": "cGRm"}', 'SignedContent')
  assert.deepEqual(value, { Content: Buffer.from('pdf') })
  assert.equal(diadoc.write(value, 'SignedContent').toString(), '{"Content":"cGRm"}')
  const part = new Uint8Array([0, 0x70, 0x64, 0x66, 0]).subarray(1, 4)
  assert.deepEqual(diadoc.write({ Content: part }, 'SignedContent'), diadoc.write(value, 'SignedContent'))
})

test('unknown keys are kept on request', () => {
  const body = '{"TotalCount":0,"Nope":[638884246403244956,0.5,{"__proto__":null}]}'
  assert.deepEqual(diadoc.read(body, 'DocumentList'), { TotalCount: 0 })
  const value = diadoc.read(body, 'DocumentList', { keepUnknown: true })
  assert.deepEqual(value.Nope.slice(0, 2), [TICKS, 0.5])
  assert.deepEqual(Object.keys(value.Nope[2]), ['__proto__'])
  assert.equal(Object.getPrototypeOf(value.Nope[2]), Object.prototype)
  const written = diadoc.write(value, 'DocumentList', { keepUnknown: true })
  assert.equal(written.toString(), body)
})

test('an error says where', () => {
  const error = thrown(() => diadoc.read('{\n "TotalCount": 1.5}', 'DocumentList'))
  assert.ok(error instanceof diadoc.DiadocError)
  assert.deepEqual([error.path, error.line, error.column], ['TotalCount', 2, 16])
  assert.match(error.message, /expected/)
  const unknown = thrown(() => diadoc.read('{}', 'Documentlist'))
  assert.equal(unknown.path, undefined)
  assert.match(unknown.message, /DocumentList/)
})

test('what is written is what is given', () => {
  const refused = (value, message = 'DocumentList') => {
    const error = thrown(() => diadoc.write(value, message))
    assert.ok(error instanceof diadoc.DiadocError, error)
    return error
  }
  assert.equal(refused({ TotalCount: 0, Nope: 1 }).message, 'Nope: the message has no such key')
  assert.equal(refused({}).path, 'TotalCount')
  assert.equal(refused({ TotalCount: undefined }).path, 'TotalCount')
  assert.equal(refused({ TotalCount: 1.5 }).path, 'TotalCount')
  assert.equal(refused({ Ticks: 2n ** 64n }, 'Timestamp').path, 'Ticks')
  assert.equal(diadoc.write({ TotalCount: 1, Documents: undefined }, 'DocumentList').toString(), '{"TotalCount":1}')
})

test('what has no place in JSON is refused', () => {
  const circle = {}
  circle.Documents = [circle]
  const values = [638884246403244956, NaN, Infinity, new Date(), new Map(), () => 1, Symbol('a'), [undefined]]
  for (const Ticks of values) {
    assert.throws(() => diadoc.write({ Ticks }, 'Timestamp'), TypeError, String(typeof Ticks))
  }
  assert.throws(() => diadoc.write(circle, 'DocumentList'), TypeError)
  assert.throws(() => diadoc.read(1, 'Timestamp'), TypeError)
})

test('extremes of 64 bits', () => {
  for (const Ticks of [-(2n ** 63n), 2n ** 63n - 1n, 0n]) {
    for (const form of ['json', 'protobuf']) {
      const body = diadoc.write({ Ticks }, 'Timestamp', { to: form })
      assert.deepEqual(diadoc.read(body, 'Timestamp', { form }), { Ticks })
    }
  }
})

test('a body is checked', () => {
  const checked = diadoc.check(PAGE, { message: 'DocumentList', name: 'page 7' })
  assert.equal(checked.summary.bodies, 1)
  const [body] = checked.bodies
  assert.equal(body.file, 'page 7')
  assert.ok(body.report.findings.some((finding) => finding.rule === 'json.unknown-key'))
  assert.equal(diadoc.check(PAGE, { deny: ['json.unknown-key'] }).summary.passes, 0)
  assert.ok(diadoc.detect(PAGE)[0].message.endsWith('.DocumentList'))
  assert.match(diadoc.report(PAGE, { lang: 'ru' }), /проходит/)
  assert.match(diadoc.report(PAGE), /passes/)
})

test('many bodies are checked at once', () => {
  const bodies = [PAGE, '{', Buffer.from([8, 1])]
  const each = bodies.map((body, number) => diadoc.check(body, { name: String(number) }))
  const together = diadoc.checkAll(bodies)
  assert.deepEqual(together, diadoc.merge(each))
  assert.deepEqual(together, diadoc.merge(each.map((one) => JSON.stringify(one))))
  const named = diadoc.checkAll(new Set(bodies), { names: ['a', 7, 'c'] })
  assert.deepEqual(named.bodies.map((body) => body.file), ['a', '7', 'c'])
  assert.throws(() => diadoc.checkAll(bodies, { names: ['a'] }), TypeError)
  assert.throws(() => diadoc.merge([each[0], '{']), diadoc.DiadocError)
})

test('names are explained', () => {
  assert.match(diadoc.describe('POST /V3/PostMessage', { lang: 'ru' }), /[а-я]{5}/)
  assert.ok(diadoc.search('подпись').length > 1)
  assert.throws(() => diadoc.describe('PostMassage'), diadoc.DiadocError)
})

test('bodies are converted', () => {
  const { body, notes } = diadoc.convert(PAGE, 'DocumentList', 'protobuf')
  assert.ok(notes.some((note) => note.includes('Nope')))
  const text = diadoc.convert(body, 'DocumentList', 'text', { form: 'protobuf' }).body
  assert.deepEqual(diadoc.convert(text, 'DocumentList', 'protobuf', { form: 'text' }).body, body)
})

test('ticks are moments', () => {
  const moment = new Date('2025-07-15T12:30:00.123Z')
  assert.deepEqual(diadoc.toDate(diadoc.toTicks(moment)), moment)
  assert.equal(diadoc.toTicks(new Date(0)), 621355968000000000n)
  assert.throws(() => diadoc.toTicks(new Date(NaN)), TypeError)
})

test('the program runs', () => {
  const program = path.join(path.dirname(require.resolve('diadoc')), 'bin/diadoc.js')
  const run = (body, ...given) => spawnSync(process.execPath, [program, ...given], { input: body, encoding: 'utf8' })
  const checked = run(PAGE, 'check', '-m', 'DocumentList', '--lang', 'en')
  assert.equal(checked.status, 0, checked.stderr)
  assert.match(checked.stdout, /passes/)
  assert.equal(run('{', 'check', '-m', 'DocumentList').status, 1)
  assert.match(run('', '--version').stdout, /^diadoc /)
  assert.equal(run('', 'chek').status, 2)
})
