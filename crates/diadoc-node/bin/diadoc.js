#!/usr/bin/env node
'use strict'

const { main } = require('../native.js')

process.exitCode = main(['diadoc', ...process.argv.slice(2)])
